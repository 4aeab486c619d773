// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "scheduler/simulator/scenario.h"

namespace pado::scheduler {

/// In the order in which they are printed. What they share is Scenario's defaults.
const std::vector<Scenario>& scenarios();

/// Throws Error for a name that there is not.
const Scenario& scenario_by_name(std::string_view name);

}  // namespace pado::scheduler
