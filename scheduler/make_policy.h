// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "scheduler/policies/knobs.h"
#include "scheduler/policy.h"

namespace pado::scheduler {

inline constexpr std::string_view kPolicyNames = "pf|rr|maxcqi";

/// The policy of that name, with the default knobs where none are given. Throws Error for a name that there is not.
std::unique_ptr<Policy> make_policy(std::string_view name, const Knobs& knobs = {});

}  // namespace pado::scheduler
