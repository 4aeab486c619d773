// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/scenarios.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

#include "phy/nr/error.h"

namespace pado::scheduler {
namespace {

std::vector<Scenario> make_scenarios() {
  std::vector<Scenario> made;
  for (const int kmh : {3, 10, 30, 60, 120}) {
    Scenario scenario;
    scenario.name = fmt::format("speed-{}", kmh);
    scenario.speeds_kmh = {static_cast<double>(kmh)};
    made.push_back(scenario);
  }
  Scenario speeds;
  speeds.name = "mixed-speeds";
  speeds.speeds_kmh = {3, 30, 120};
  made.push_back(speeds);

  Scenario traffic = speeds;
  traffic.name = "mixed-traffic";
  traffic.bursts_each = 4;
  traffic.file_bytes = 60e3;
  traffic.files_per_second = 8;
  made.push_back(traffic);

  Scenario uplink = speeds;  // the carrier of testvectors/cell.yaml
  uplink.name = "uplink";
  uplink.shape = CellShape{};
  uplink.users = 8;
  made.push_back(uplink);
  return made;
}

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> made = make_scenarios();
  return made;
}

const Scenario& scenario_by_name(std::string_view name) {
  const auto& all = scenarios();
  const auto found = std::ranges::find(all, name, &Scenario::name);
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  for (const Scenario& scenario : all) names.push_back(scenario.name);
  throw Error(fmt::format("scenario {}: no such scenario, expected {}", name, fmt::join(names, ", ")));
}

}  // namespace pado::scheduler
