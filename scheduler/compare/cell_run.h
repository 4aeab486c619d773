// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "scheduler/policy.h"
#include "scheduler/simulator/scenario.h"

namespace pado::scheduler {

inline constexpr int kWarmUpSlots = 600;             // not counted: averages and outer loops settle
inline constexpr double kLeastThroughput_bps = 1e3;  // what a user counts as that gets less, in logarithms

/// What one policy made of one cell.
struct CellFigures {
  std::vector<double> user_bps;
  double sum_bps = 0;
  double log_mean = 0;  // mean of ln(throughput): exp of it is the geometric mean
  std::int64_t first_transmissions = 0, first_losses = 0, lost_blocks = 0, fallbacks = 0;
};

using MakePolicy = std::function<std::unique_ptr<Policy>(const Scenario&, std::uint64_t seed)>;

/// `slots` in all, the first kWarmUpSlots of which do not count.
CellFigures run_cell(const Scenario& scenario, std::uint64_t seed, int slots, const MakePolicy& make);

/// Does 0..jobs-1 on so many threads. `progress` is called by the calling thread now and then, with what is done. What
/// a job throws is thrown here.
void run_in_parallel(int jobs, int threads, const std::function<void(int job)>& work,
                     const std::function<void(int done)>& progress = {});

}  // namespace pado::scheduler
