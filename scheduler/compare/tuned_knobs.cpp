// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/tuned_knobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "phy/nr/error.h"

namespace pado::scheduler {
namespace {

struct Row {
  std::string_view scenario;
  Knobs knobs;
};

constexpr auto kRows = std::to_array<Row>({
#include "scheduler/compare/tuned_knobs.inc"
});

}  // namespace

Knobs tuned_knobs(std::string_view scenario) {
  const auto found = std::ranges::find(kRows, scenario, &Row::scenario);
  if (found == kRows.end())
    throw Error(fmt::format("scenario {}: nobody has tuned it, see `pado schedule tune`", scenario));
  return found->knobs;
}

}  // namespace pado::scheduler
