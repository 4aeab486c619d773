// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "scheduler/learned/predictor_inputs.h"

namespace pado::scheduler::learned {

inline constexpr int kHidden = 24;
inline constexpr int kOutputs = 6;  // three coefficients of the mean, three of log sigma
inline constexpr int kWeightsVersion = 1;

/// Fully connected, [output][input], rectified after all layers but the last.
template <std::size_t inputs, std::size_t outputs>
struct Layer {
  std::array<std::array<float, inputs>, outputs> weights{};
  std::array<float, outputs> biases{};
};

/// Ages, in slots, enter as (age - centre) / scale, cut to the range that was trained.
struct AgeRange {
  float centre = 6, scale = 2, lowest = 4, highest = 8;
};

struct PredictorWeights {
  std::array<float, kInputs> input_mean{}, input_scale{};  // (input - mean) / scale enters the network
  Layer<kInputs, kHidden> first;
  Layer<kHidden, kHidden> second;
  Layer<kHidden, kOutputs> last;
  AgeRange age;
  std::string trained_on;  // for people
};

/// A weights file's text (docs/learned_scheduler.md has the format). Throws Error with what is wrong, in one line.
PredictorWeights parse_predictor_weights(std::string_view text);

/// Throws Error, which also names the file.
PredictorWeights load_predictor_weights(const std::string& path);

/// Of scheduler/learned/predictor.json when the program was built.
const PredictorWeights& shipped_predictor_weights();

}  // namespace pado::scheduler::learned
