// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "scheduler/learned/predictor_inputs.h"
#include "scheduler/simulator/scenario.h"

namespace pado::scheduler::learned {

/// What the predictor is trained on: inputs as the policy computes them from reports alone, and what came.
struct TrainingSample {
  std::array<float, kInputs> inputs{};
  float running_mean_db = 0, newest_report_db = 0;
  float age_slots = 0;  // of the newest report, when the label was true
  float rbg_prbs = 0, speed_kmh = 0;
  float label_db = 0;  // as the user would have reported it, without noise and steps
};

inline constexpr int kYoungestLabel = 2, kOldestLabel = 10;  // in slots

/// A scenario drawn from the seed: speeds 2 to 150 km/h, distance, neighbours, delay spread, reports and RBG width.
Scenario training_scenario(std::uint64_t seed);

/// Appends samples of all of a cell's users.
void add_training_samples(const Scenario& scenario, std::uint64_t seed, std::vector<TrainingSample>& samples);

}  // namespace pado::scheduler::learned
