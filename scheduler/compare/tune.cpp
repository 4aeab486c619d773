// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/tune.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "scheduler/compare/cell_run.h"
#include "scheduler/policies/proportional_fair.h"

namespace pado::scheduler {
namespace {

struct Coordinate {
  double Knobs::* knob;
  std::vector<double> values;
};

const std::array<Coordinate, 5>& coordinates() {
  static const std::array<Coordinate, 5> made{{
      {&Knobs::window_slots, {100, 250, 500, 1000, 2500, 5000, 10000}},
      {&Knobs::olla_step_db, {0.01, 0.03, 0.1, 0.2, 0.4}},
      {&Knobs::bler_target, {0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5}},
      {&Knobs::shrink, {0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0}},
      {&Knobs::smoothing, {0, 0.15, 0.3, 0.45, 0.6, 0.75}},
  }};
  return made;
}

constexpr int kRounds = 3;

// Two, since each knob alone may find nothing better where two together would: for users that walk and for such in
// cars.
constexpr std::array<Knobs, 2> kStarts{{
    {},
    {.bler_target = 0.3, .olla_step_db = 0.03, .window_slots = 2500, .shrink = 0.7, .smoothing = 0.3},
}};

class Tuner {
 public:
  Tuner(const Scenario& scenario, const TuneOptions& options) : scenario_(scenario), options_(options) {}

  Tuned tune() {
    const double by_default = score({});
    double best = by_default;
    for (const Knobs& start : kStarts) {
      Knobs knobs = start;
      const double here = descend(knobs);
      if (here <= best) continue;
      best = here;
      tuned_.knobs = knobs;
    }
    tuned_.gain_percent = 100 * (std::exp(best - by_default) - 1);
    return tuned_;
  }

 private:
  double descend(Knobs& knobs) {
    double best = score(knobs);
    for (int round = 0; round < kRounds; ++round) {
      const Knobs before = knobs;
      for (const Coordinate& coordinate : coordinates()) {
        for (const double value : coordinate.values) {
          if (value == knobs.*coordinate.knob) continue;
          Knobs other = knobs;
          other.*coordinate.knob = value;
          const double here = score(other);
          if (here <= best) continue;
          best = here;
          knobs = other;
        }
      }
      if (knobs == before) break;
    }
    return best;
  }

  double score(const Knobs& knobs) {
    std::vector<double> scores(options_.seeds);
    const auto make = [&](const Scenario&, std::uint64_t) { return std::make_unique<ProportionalFair>(knobs); };
    run_in_parallel(options_.seeds, options_.threads,
                    [&](int i) { scores[i] = run_cell(scenario_, kTuningSeeds + i, options_.slots, make).log_mean; });
    ++tuned_.runs;
    if (options_.progress) options_.progress(tuned_.runs);
    return std::accumulate(scores.begin(), scores.end(), 0.0) / options_.seeds;
  }

  const Scenario& scenario_;
  const TuneOptions& options_;
  Tuned tuned_;
};

}  // namespace

Tuned tune(const Scenario& scenario, const TuneOptions& options) { return Tuner(scenario, options).tune(); }

std::string tuned_row(const std::string& scenario, const Knobs& k) {
  return fmt::format(
      "    {{\"{}\", {{.bler_target = {}, .olla_step_db = {}, .window_slots = {}, .shrink = {}, .smoothing = {}}}}},\n",
      scenario, k.bler_target, k.olla_step_db, k.window_slots, k.shrink, k.smoothing);
}

std::string tuned_file(const std::vector<std::string>& rows) {
  std::string text =
      "// SPDX-FileCopyrightText: 2026 The Pado authors\n// SPDX-License-Identifier: Apache-2.0\n\n"
      "// Made by `pado schedule tune --write scheduler/compare/tuned_knobs.inc`; edit nothing here.\n// clang-format "
      "off\n";
  for (const std::string& row : rows) text += row;
  return text;
}

}  // namespace pado::scheduler
