// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "scheduler/policies/knobs.h"

namespace pado::scheduler {

/// Proportional fair's best knobs in a scenario, as `pado schedule tune` found and tuned_knobs.inc lists them. Throws
/// Error for a scenario that is not listed.
Knobs tuned_knobs(std::string_view scenario);

}  // namespace pado::scheduler
