// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "scheduler/learned/predictor_inputs.h"
#include "scheduler/learned/predictor_weights.h"

namespace pado::scheduler::learned {

/// A user's SINR in the slots to come, as its next reports would say it without their noise: normal in dB.
struct Forecast {
  /// [coefficient][RBG]: quadratics in (age - centre) / scale, of the mean in dB and of log sigma.
  std::array<std::array<float, kMaxRbgs>, 3> mean{}, log_sigma{};

  void at(float age, int rbgs, std::array<float, kMaxRbgs>& mean_db,
          std::array<float, kMaxRbgs>& sigma_db) const noexcept;
};

class Predictor {
 public:
  explicit Predictor(const PredictorWeights& weights);

  /// false: an output is not finite or far from any channel, and the forecast must not be used.
  [[nodiscard]] bool forecast(const InputRows& inputs, float running_mean_db, int rbgs,
                              Forecast& forecast) const noexcept;

  /// The age as forecasts take it: cut to what was trained, scaled.
  [[nodiscard]] float scaled_age(int age_slots) const noexcept;

 private:
  PredictorWeights weights_;  // normalisation is folded into the first layer
};

}  // namespace pado::scheduler::learned
