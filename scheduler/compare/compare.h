// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scheduler/compare/statistics.h"

namespace pado::scheduler {

inline constexpr std::uint64_t kTestSeeds = 10000;  // and following; nothing was tuned or trained on them

/// Rows of a comparison: the policies of make_policy with their defaults; pf-tuned, with tuned_knobs;
/// learned-reports, which takes the newest report for its forecast; learned-outer-loop, whose MCS comes from pf-tuned's
/// outer loop on the forecast's mean; genie-mcs, pf-tuned without its outer loop but with the MCS of who knows the
/// channel; genie, which knows it for the RBGs as well.
const std::vector<std::string>& comparable_policies();

struct CompareOptions {
  std::vector<std::string> scenarios;  // empty: all
  std::vector<std::string> policies;   // empty: all
  int seeds = 48;
  int slots = 4000;  // of a cell, warm-up included
  int threads = 1;
  std::string weights_file{};  // of the learned policy; empty: the shipped ones
  std::function<void(int done, int of)> progress{};
};

/// What a policy gains over another on the same seeds, in percent.
struct Gain {
  Estimate geometric_mean, sum;
  Interval fifth_percentile;
};

struct PolicyResult {
  std::string policy;
  Estimate sum_mbps, geometric_mean_mbps;
  Interval fifth_percentile_mbps;  // of all users of all seeds
  double bler = 0;                 // of first transmissions
  double lost = 0;                 // blocks given up, by first transmissions
  std::int64_t fallbacks = 0;      // slots in which proportional fair took over
  Gain over_tuned, over_default;
};

struct ScenarioResult {
  std::string scenario;
  std::vector<PolicyResult> policies;
};

/// Every policy in every scenario on the same seeds. Throws Error for an unknown name, a scenario that nobody tuned,
/// weights that cannot be used, or fewer than two seeds.
std::vector<ScenarioResult> compare(const CompareOptions& options);

}  // namespace pado::scheduler
