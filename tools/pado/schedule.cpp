// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "phy/nr/error.h"
#include "scheduler/compare/cell_run.h"
#include "scheduler/compare/compare.h"
#include "scheduler/compare/scenarios.h"
#include "scheduler/compare/tune.h"
#include "tools/pado/json_lines.h"
#include "tools/pado/subcommands.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

using namespace scheduler;
using Clock = std::chrono::steady_clock;

constexpr const char* kCompareExamples =
    "Examples:\n"
    "  pado schedule compare --short\n"
    "  pado schedule compare --scenario mixed-speeds --policies learned,genie-mcs --seeds 100 --json figures.jsonl\n"
    "docs/scheduler.md says how the cell is simulated.";
constexpr const char* kTuneExamples =
    "Examples:\n"
    "  pado schedule tune --scenario speed-30\n"
    "  pado schedule tune --write scheduler/compare/tuned_knobs.inc   (then build again)";
constexpr const char* kColumns =
    "sum, geo. mean, 5 %-ile: throughput of the cell, geometric mean over its users, and what 5 % of all users of all\n"
    "  seeds stay below, Mb/s; +- and [ ]: 95 % confidence interval over seeds (the 5 %-ile's by bootstrap).\n"
    "BLER: of first transmissions.  vs tuned, vs default: geometric mean against proportional fair, on the same "
    "seeds,\n"
    "  paired, in percent.  5 % vs tuned: the same for the 5 %-ile.\n"
    "pf-tuned: BLER target, outer-loop step, window, shrink and smoothing tuned for each scenario on other seeds.\n"
    "learned-reports: learned without its network; learned-outer-loop: with its network and pf-tuned's outer loop.\n"
    "genie-mcs: RBGs like pf-tuned's, the MCS of who knows the channel; genie: RBGs too. Bounds, not goals.\n"
    "A gain over the untuned default says little. The cell is simulated: one layer, a probit for the BLER; what is\n"
    "  won here need not be won on the air.";

/// A line on standard error, on a terminal alone.
class Progress {
 public:
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  void operator()(const std::string& text) {
    const auto now = Clock::now();
    if (now < next_ || isatty(STDERR_FILENO) == 0) return;
    next_ = now + std::chrono::milliseconds(200);
    shown_ = true;
    fmt::print(stderr, "\r\033[Kpado schedule: {}", text);
    std::fflush(stderr);
  }

 private:
  bool shown_ = false;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(1);
};

int threads_here() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

struct CompareArguments {
  CompareOptions options;
  bool shortly = false;
  std::string json;
};

// Padded, so that the decimal points of a column stand below one another.
std::string with_margin(const Estimate& e, int digits) {
  return fmt::format("{:>{}} +- {}", fixed_point(e.mean, digits), 5 + digits, fixed_point(e.half_width, digits));
}

std::string with_margin(const Interval& i, int digits) {
  return fmt::format("{:>{}} [{}, {}]", fixed_point(i.value, digits), digits == 0 ? 4 : 3 + digits,
                     fixed_point(i.low, digits), fixed_point(i.high, digits));
}

void print(const ScenarioResult& result) {
  std::vector<std::vector<std::string>> rows{
      {"policy", "sum", "geo. mean", "5 %-ile", "BLER %", "vs tuned %", "vs default %", "5 % vs tuned %"}};
  for (const PolicyResult& p : result.policies) {
    rows.push_back({p.policy, with_margin(p.sum_mbps, 0), with_margin(p.geometric_mean_mbps, 2),
                    with_margin(p.fifth_percentile_mbps, 2), fixed_point(100 * p.bler, 1),
                    p.policy == "pf-tuned" ? "-" : with_margin(p.over_tuned.geometric_mean, 1),
                    p.policy == "pf" ? "-" : with_margin(p.over_default.geometric_mean, 1),
                    p.policy == "pf-tuned" ? "-" : with_margin(p.over_tuned.fifth_percentile, 0)});
  }
  fmt::print("{}\n{}", result.scenario, text_table(rows));
  for (const PolicyResult& p : result.policies) {
    if (p.fallbacks > 0) fmt::print("  {}: proportional fair took its place in {} slots\n", p.policy, p.fallbacks);
  }
  fmt::print("\n");
}

nlohmann::json as_json(const Estimate& e) {
  return {{"mean", number_or_null(e.mean, true)}, {"half_width", number_or_null(e.half_width, true)}};
}

nlohmann::json as_json(const Interval& i) {
  return {{"value", number_or_null(i.value, true)},
          {"low", number_or_null(i.low, true)},
          {"high", number_or_null(i.high, true)}};
}

nlohmann::json as_json(const Gain& g) {
  return {{"geometric_mean_percent", as_json(g.geometric_mean)},
          {"sum_percent", as_json(g.sum)},
          {"fifth_percentile_percent", as_json(g.fifth_percentile)}};
}

nlohmann::json as_json(const std::string& scenario, const PolicyResult& p, const CompareOptions& options) {
  return {{"scenario", scenario},
          {"policy", p.policy},
          {"seeds", options.seeds},
          {"slots", options.slots},
          {"sum_mbps", as_json(p.sum_mbps)},
          {"geometric_mean_mbps", as_json(p.geometric_mean_mbps)},
          {"fifth_percentile_mbps", as_json(p.fifth_percentile_mbps)},
          {"bler", number_or_null(p.bler, true)},
          {"lost", number_or_null(p.lost, true)},
          {"fallback_slots", p.fallbacks},
          {"over_tuned", as_json(p.over_tuned)},
          {"over_default", as_json(p.over_default)}};
}

void run_compare(CompareArguments& arguments) {
  CompareOptions& options = arguments.options;
  if (arguments.shortly) options.seeds = std::min(options.seeds, 8);
  JsonLines json(arguments.json);
  std::vector<ScenarioResult> results;
  {
    Progress progress;
    options.progress = [&](int done, int of) { progress(fmt::format("cell {} of {}", done, of)); };
    results = compare(options);
  }
  fmt::print("{} cells of {} slots a row, the first {} of them not counted\n\n", options.seeds, options.slots,
             kWarmUpSlots);
  for (const ScenarioResult& result : results) {
    print(result);
    for (const PolicyResult& policy : result.policies) json.write(as_json(result.scenario, policy, options));
  }
  json.close();
  fmt::print("{}\n", kColumns);
}

struct TuneArguments {
  TuneOptions options;
  std::vector<std::string> scenarios;
  std::string file;
};

void run_tune(TuneArguments& arguments) {
  std::vector<std::string> names = arguments.scenarios, rows;
  if (names.empty()) {
    for (const Scenario& scenario : scenarios()) names.push_back(scenario.name);
  } else if (!arguments.file.empty()) {
    throw Error("schedule tune: --write makes the file of all scenarios; leave --scenario out");
  }
  for (const std::string& name : names) {
    Progress progress;
    arguments.options.progress = [&](int runs) { progress(fmt::format("{}, {} sets of knobs", name, runs)); };
    const Tuned tuned = tune(scenario_by_name(name), arguments.options);
    rows.push_back(tuned_row(name, tuned.knobs));
    fmt::print("{}    // {} runs, +{} % over the defaults on the tuning seeds\n", rows.back(), tuned.runs,
               fixed_point(tuned.gain_percent, 1));
    std::fflush(stdout);
  }
  if (arguments.file.empty()) return;
  std::ofstream out(arguments.file);
  out << tuned_file(rows);
  if (!out.flush()) throw Error(arguments.file + ": cannot be written");
}

void add_compare(CLI::App& app) {
  CLI::App* command = app.add_subcommand("compare", "Compare the policies on the same simulated cells");
  const auto arguments = std::make_shared<CompareArguments>();
  arguments->options.threads = threads_here();
  command->add_flag("--short", arguments->shortly, "8 seeds, under two minutes");
  command->add_option("--json", arguments->json, "All figures as JSON Lines, one a scenario and policy");
  command->add_option("--scenario", arguments->options.scenarios, "Only these, separated by commas")->delimiter(',');
  command->add_option("--policies", arguments->options.policies, "Only these and proportional fair")->delimiter(',');
  command->add_option("--seeds", arguments->options.seeds, "Cells a row")
      ->capture_default_str()
      ->check(CLI::Range(2, 10000));
  command->add_option("--slots", arguments->options.slots, "Slots a cell")
      ->capture_default_str()
      ->check(CLI::Range(1200, 10000000));
  command->add_option("--threads", arguments->options.threads, "Threads")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_option("--policy-file,--weights", arguments->options.weights_file, "Weights of the learned policy");
  command->footer(kCompareExamples);
  command->callback([arguments] { run_compare(*arguments); });
}

void add_tune(CLI::App& app) {
  CLI::App* command = app.add_subcommand("tune", "Tune proportional fair for each scenario");
  const auto arguments = std::make_shared<TuneArguments>();
  arguments->options.threads = threads_here();
  command->add_option("--scenario", arguments->scenarios, "Only these, separated by commas")->delimiter(',');
  command->add_option("--write", arguments->file, "The source file that compare is built with");
  command->add_option("--seeds", arguments->options.seeds, "Cells a set of knobs")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--slots", arguments->options.slots, "Slots a cell")
      ->capture_default_str()
      ->check(CLI::Range(1200, 10000000));
  command->add_option("--threads", arguments->options.threads, "Threads")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->footer(kTuneExamples);
  command->callback([arguments] { run_tune(*arguments); });
}

}  // namespace

void add_schedule(CLI::App& app) {
  CLI::App* command = app.add_subcommand("schedule", "Compare scheduling policies in a simulated cell");
  command->require_subcommand(1);
  add_compare(*command);
  add_tune(*command);
  add_schedule_dataset(*command);
}

}  // namespace pado::tools
