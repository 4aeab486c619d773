// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scheduler/policies/knobs.h"
#include "scheduler/simulator/scenario.h"

namespace pado::scheduler {

inline constexpr std::uint64_t kTuningSeeds = 2000;  // and following; never those of a comparison

struct TuneOptions {
  int seeds = 12;
  int slots = 4000;
  int threads = 1;
  std::function<void(int runs)> progress;  // sets of knobs tried so far
};

struct Tuned {
  Knobs knobs;
  double gain_percent = 0;  // in geometric mean over the defaults, on the tuning seeds
  int runs = 0;             // sets of knobs tried
};

/// The knobs of proportional fair with the greatest mean logarithm of throughput: coordinate descent over a grid from
/// two starts, one knob after the other, until a round changes none.
Tuned tune(const Scenario& scenario, const TuneOptions& options);

/// The row of tuned_knobs.inc.
std::string tuned_row(const std::string& scenario, const Knobs& knobs);
/// The whole file.
std::string tuned_file(const std::vector<std::string>& rows);

}  // namespace pado::scheduler
