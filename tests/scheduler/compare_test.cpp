// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/compare.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "phy/nr/error.h"
#include "scheduler/compare/cell_run.h"
#include "scheduler/compare/scenarios.h"
#include "scheduler/compare/tune.h"
#include "scheduler/compare/tuned_knobs.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::scheduler;

namespace {

std::string refusal(const CompareOptions& options) {
  try {
    compare(options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

const PolicyResult& row(const ScenarioResult& result, const std::string& policy) {
  const auto found = std::ranges::find(result.policies, policy, &PolicyResult::policy);
  REQUIRE(found != result.policies.end());
  return *found;
}

}  // namespace

TEST_CASE("statistics: mean and confidence interval of a sample done by hand", "[compare]") {
  const std::vector<double> values{4, 6, 5, 7, 3, 5, 6, 4};
  const Estimate found = estimate(values);
  CHECK(found.mean == Approx(5));
  CHECK(found.half_width == Approx(2.365 * std::sqrt(12.0 / 7) / std::sqrt(8.0)).epsilon(0.01));
}

TEST_CASE("statistics: quantiles lie between neighbours", "[compare]") {
  std::vector<double> values{5, 1, 4, 2, 3};
  CHECK(quantile(values, 0) == 1);
  CHECK(quantile(values, 0.5) == 3);
  CHECK(quantile(values, 0.125) == Approx(1.5));
  CHECK(quantile(values, 1) == 5);
}

TEST_CASE("statistics: the bootstrap of a mean agrees with its normal interval", "[compare]") {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i % 10);
  const Interval found = bootstrap(100, [&](std::span<const int> seeds) {
    double sum = 0;
    for (const int seed : seeds) sum += values[seed];
    return sum / static_cast<double>(seeds.size());
  });
  CHECK(found.value == Approx(4.5));
  CHECK(found.low == Approx(4.5 - 1.96 * 0.287).margin(0.06));
  CHECK(found.high == Approx(4.5 + 1.96 * 0.287).margin(0.06));
}

TEST_CASE("parallel runs: every job is done once, and what one throws comes out", "[compare]") {
  std::vector<std::atomic<int>> done(100);
  run_in_parallel(100, 3, [&](int job) { ++done[job]; });
  CHECK(std::ranges::all_of(done, [](const auto& times) { return times == 1; }));
  CHECK_THROWS_AS(run_in_parallel(5, 2,
                                  [](int job) {
                                    if (job == 3) throw std::runtime_error("no");
                                  }),
                  std::runtime_error);
}

TEST_CASE("compare: rows stand in order, the two baselines always among them, gains agree with the means",
          "[compare]") {
  CompareOptions options;
  options.scenarios = {"speed-30"};
  options.policies = {"rr"};
  options.seeds = 3;
  options.slots = 1500;
  options.threads = 2;
  const auto results = compare(options);
  REQUIRE(results.size() == 1);
  REQUIRE(results[0].policies.size() == 3);
  CHECK(results[0].policies[0].policy == "rr");
  const PolicyResult &fair = row(results[0], "pf"), &tuned = row(results[0], "pf-tuned"),
                     &turns = row(results[0], "rr");
  CHECK(fair.over_default.geometric_mean.mean == Approx(0));
  CHECK(fair.over_default.fifth_percentile.high == Approx(0));
  CHECK(fair.over_tuned.geometric_mean.mean ==
        Approx(100 * (fair.geometric_mean_mbps.mean / tuned.geometric_mean_mbps.mean - 1)).epsilon(1e-6));
  CHECK(turns.over_default.geometric_mean.mean < -10);
  CHECK(tuned.over_default.geometric_mean.mean > 0);
  for (const PolicyResult& p : results[0].policies) {
    CHECK(p.fallbacks == 0);
    CHECK(p.fifth_percentile_mbps.low <= p.fifth_percentile_mbps.value);
    CHECK(p.fifth_percentile_mbps.value < p.geometric_mean_mbps.mean);
    CHECK(p.geometric_mean_mbps.mean < p.sum_mbps.mean);
    CHECK(p.bler > 0);
  }
}

TEST_CASE("compare: figures depend neither on the number of threads nor on the other rows", "[compare]") {
  CompareOptions options;
  options.scenarios = {"mixed-traffic"};
  options.policies = {"maxcqi"};
  options.seeds = 2;
  options.slots = 1200;
  const auto one = compare(options);
  options.threads = 3;
  options.policies = {};
  const auto all = compare(options);
  for (const PolicyResult& p : one[0].policies) {
    CHECK(row(all[0], p.policy).sum_mbps.mean == p.sum_mbps.mean);
    CHECK(row(all[0], p.policy).fifth_percentile_mbps.low == p.fifth_percentile_mbps.low);
  }
}

TEST_CASE("compare: who knows the channel is ahead of who guesses", "[compare]") {
  CompareOptions options;
  options.scenarios = {"speed-60"};
  options.policies = {"genie-mcs", "genie"};
  options.seeds = 3;
  options.slots = 1500;
  const auto results = compare(options);
  CHECK(row(results[0], "genie-mcs").over_tuned.geometric_mean.mean > 5);
  CHECK(row(results[0], "genie").over_tuned.geometric_mean.mean >
        row(results[0], "genie-mcs").over_tuned.geometric_mean.mean + 5);
  CHECK(row(results[0], "genie").bler < row(results[0], "pf").bler);
}

TEST_CASE("compare: the learned policy gains over tuned proportional fair, and loses without either part",
          "[compare]") {
  CompareOptions options;
  options.scenarios = {"speed-30"};
  options.policies = {"learned", "learned-reports", "learned-outer-loop"};
  options.seeds = 6;
  options.slots = 2400;
  const auto results = compare(options);
  const double gain = row(results[0], "learned").over_tuned.geometric_mean.mean;
  CHECK(gain > 2);
  CHECK(row(results[0], "learned-reports").over_tuned.geometric_mean.mean < gain - 1);
  CHECK(row(results[0], "learned-outer-loop").over_tuned.geometric_mean.mean < gain - 1);
  CHECK(row(results[0], "learned").fallbacks == 0);
}

TEST_CASE("compare: what cannot be compared is refused by name", "[compare]") {
  CHECK(refusal({.scenarios = {"speed-7"}, .policies = {}})
            .find("scenario speed-7: no such scenario, expected speed-3,") == 0);
  CHECK(refusal({.scenarios = {}, .policies = {"best"}}).find("policy best: nothing to compare, expected rr, ") == 0);
  CHECK(refusal({.scenarios = {}, .policies = {}, .seeds = 1}) == "schedule: a comparison needs at least two seeds");
  CHECK(refusal({.scenarios = {}, .policies = {}, .slots = 700}) == "schedule: 700 slots, expected at least 1200");
  CHECK(refusal({.scenarios = {}, .policies = {}, .weights_file = "no/such/file"}).find("no/such/file") == 0);
}

TEST_CASE("compare: every scenario has its own name and tuned knobs", "[compare]") {
  std::vector<std::string> names;
  for (const Scenario& scenario : scenarios()) {
    names.push_back(scenario.name);
    CHECK_NOTHROW(tuned_knobs(scenario.name));
  }
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
  CHECK_THROWS_AS(tuned_knobs("speed-7"), Error);
}

TEST_CASE("tune: finds knobs that are no worse than the defaults, and writes them as the tree has them", "[compare]") {
  Scenario small = scenario_by_name("speed-120");
  small.users = 3;
  const Tuned tuned = tune(small, {.seeds = 1, .slots = 1200, .threads = 1, .progress = {}});
  CHECK(tuned.gain_percent > 0);
  CHECK(tuned_row("x", {}) ==
        "    {\"x\", {.bler_target = 0.1, .olla_step_db = 0.1, .window_slots = 500, .shrink = 1, .smoothing = 0}},\n");
  CHECK(kTuningSeeds + 1000 <= kTestSeeds);
}
