// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "phy/nr/error.h"
#include "scheduler/compare/cell_run.h"
#include "scheduler/compare/genie.h"
#include "scheduler/compare/scenarios.h"
#include "scheduler/compare/tuned_knobs.h"
#include "scheduler/learned/learned_policy.h"
#include "scheduler/make_policy.h"

namespace pado::scheduler {
namespace {

constexpr const char* kTuned = "pf-tuned";
constexpr const char* kDefault = "pf";
constexpr std::string_view kLearned = "learned";

using Runs = std::vector<CellFigures>;  // by seed

// The learned policy without one of its parts.
std::unique_ptr<Policy> learned_but(const std::string& without, const Knobs& tuned, const std::string& weights_file) {
  learned::LearnedKnobs knobs;
  knobs.goodput_mcs = without != "-outer-loop";
  knobs.predictor = without != "-reports";
  knobs.bler_target = tuned.bler_target;
  knobs.olla_step_db = tuned.olla_step_db;
  return std::make_unique<learned::LearnedPolicy>(
      weights_file.empty() ? learned::shipped_predictor_weights() : learned::load_predictor_weights(weights_file),
      knobs);
}

std::unique_ptr<Policy> make_row(const std::string& name, const Scenario& scenario, std::uint64_t seed,
                                 const std::string& weights_file) {
  if (name == kTuned) return make_policy(kDefault, tuned_knobs(scenario.name));
  if (name == "genie-mcs" || name == "genie") {
    return std::make_unique<Genie>(scenario, seed, tuned_knobs(scenario.name), name == "genie");
  }
  if (name.starts_with(kLearned)) {
    return learned_but(name.substr(kLearned.size()), tuned_knobs(scenario.name), weights_file);
  }
  return make_policy(name);
}

double fifth_percentile_bps(const Runs& runs, std::span<const int> seeds) {
  std::vector<double> users;
  for (const int seed : seeds) users.insert(users.end(), runs[seed].user_bps.begin(), runs[seed].user_bps.end());
  return std::max(quantile(users, 0.05), kLeastThroughput_bps);
}

template <class Figure>
Estimate over_seeds(const Runs& runs, Figure&& figure) {
  std::vector<double> values;
  for (const CellFigures& run : runs) values.push_back(figure(run));
  return estimate(values);
}

// Of the mean logarithm of a ratio, seed by seed.
template <class Figure>
Estimate gain_percent(const Runs& runs, const Runs& base, Figure&& log_figure) {
  std::vector<double> logs;
  for (std::size_t i = 0; i < runs.size(); ++i) logs.push_back(log_figure(runs[i]) - log_figure(base[i]));
  const Estimate log = estimate(logs);
  const double ratio = std::exp(log.mean);
  return {100 * (ratio - 1), 100 * ratio * log.half_width};
}

Gain gain(const Runs& runs, const Runs& base) {
  Gain found;
  found.geometric_mean = gain_percent(runs, base, [](const CellFigures& f) { return f.log_mean; });
  found.sum = gain_percent(runs, base, [](const CellFigures& f) { return std::log(std::max(f.sum_bps, 1.0)); });
  found.fifth_percentile = bootstrap(static_cast<int>(runs.size()), [&](std::span<const int> seeds) {
    return 100 * (fifth_percentile_bps(runs, seeds) / fifth_percentile_bps(base, seeds) - 1);
  });
  return found;
}

PolicyResult summarize(const std::string& policy, const Runs& runs, const Runs& tuned, const Runs& by_default) {
  PolicyResult result;
  result.policy = policy;
  result.sum_mbps = over_seeds(runs, [](const CellFigures& f) { return f.sum_bps / 1e6; });
  const Estimate log = over_seeds(runs, [](const CellFigures& f) { return f.log_mean; });
  result.geometric_mean_mbps = {std::exp(log.mean) / 1e6, std::exp(log.mean) / 1e6 * log.half_width};
  result.fifth_percentile_mbps = bootstrap(static_cast<int>(runs.size()), [&](std::span<const int> seeds) {
    return fifth_percentile_bps(runs, seeds) / 1e6;
  });
  double sent = 0, lost_at_first = 0, lost = 0;
  for (const CellFigures& run : runs) {
    sent += static_cast<double>(run.first_transmissions);
    lost_at_first += static_cast<double>(run.first_losses);
    lost += static_cast<double>(run.lost_blocks);
    result.fallbacks += run.fallbacks;
  }
  result.bler = lost_at_first / std::max(sent, 1.0);
  result.lost = lost / std::max(sent, 1.0);
  result.over_tuned = gain(runs, tuned);
  result.over_default = gain(runs, by_default);
  return result;
}

struct Chosen {
  std::vector<const Scenario*> scenarios;
  std::vector<std::string> policies;  // the two that others are compared with first
};

Chosen choose(const CompareOptions& options) {
  if (options.seeds < 2) throw Error("schedule: a comparison needs at least two seeds");
  if (options.slots < 2 * kWarmUpSlots) {
    throw Error(fmt::format("schedule: {} slots, expected at least {}", options.slots, 2 * kWarmUpSlots));
  }
  Chosen chosen;
  for (const std::string& name : options.scenarios) chosen.scenarios.push_back(&scenario_by_name(name));
  if (options.scenarios.empty()) {
    for (const Scenario& scenario : scenarios()) chosen.scenarios.push_back(&scenario);
  }
  for (const std::string& name : options.policies) {
    if (std::ranges::find(comparable_policies(), name) == comparable_policies().end()) {
      throw Error(
          fmt::format("policy {}: nothing to compare, expected {}", name, fmt::join(comparable_policies(), ", ")));
    }
  }
  for (const std::string& name : comparable_policies()) {
    const bool asked = options.policies.empty() || std::ranges::find(options.policies, name) != options.policies.end();
    if (asked || name == kTuned || name == kDefault) chosen.policies.push_back(name);
  }
  for (const Scenario* scenario : chosen.scenarios) {
    for (const std::string& name : chosen.policies) make_row(name, *scenario, 0, options.weights_file);  // or throws
  }
  return chosen;
}

}  // namespace

const std::vector<std::string>& comparable_policies() {
  static const std::vector<std::string> names{
      "rr", "maxcqi", kDefault, kTuned, "learned-reports", "learned-outer-loop", "learned", "genie-mcs", "genie"};
  return names;
}

std::vector<ScenarioResult> compare(const CompareOptions& options) {
  const Chosen chosen = choose(options);
  const int policies = static_cast<int>(chosen.policies.size());
  std::vector<std::vector<Runs>> runs(chosen.scenarios.size(), std::vector<Runs>(policies, Runs(options.seeds)));
  const int jobs = static_cast<int>(chosen.scenarios.size()) * policies * options.seeds;
  const auto work = [&](int job) {
    const int seed = job / policies % options.seeds, policy = job % policies, s = job / policies / options.seeds;
    const auto make = [&](const Scenario& scenario, std::uint64_t number) {
      return make_row(chosen.policies[policy], scenario, number, options.weights_file);
    };
    runs[s][policy][seed] = run_cell(*chosen.scenarios[s], kTestSeeds + seed, options.slots, make);
  };
  run_in_parallel(jobs, options.threads, work, [&](int done) {
    if (options.progress) options.progress(done, jobs);
  });
  const auto place = [&](const char* name) {
    return std::ranges::find(chosen.policies, name) - chosen.policies.begin();
  };
  std::vector<ScenarioResult> results;
  for (std::size_t s = 0; s < chosen.scenarios.size(); ++s) {
    ScenarioResult result{chosen.scenarios[s]->name, {}};
    for (int p = 0; p < policies; ++p) {
      result.policies.push_back(
          summarize(chosen.policies[p], runs[s][p], runs[s][place(kTuned)], runs[s][place(kDefault)]));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace pado::scheduler
