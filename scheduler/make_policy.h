// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "scheduler/policies/knobs.h"
#include "scheduler/policy.h"

namespace pado::scheduler {

inline constexpr std::string_view kPolicyNames = "pf|rr|maxcqi|learned";

/// The policy of that name, with the default knobs where none are given: those of the policies by rules. The learned
/// one has the weights of this file, or the shipped ones. Throws Error for a name that there is not, for a file that
/// cannot be used and for one beside a policy that does not learn.
std::unique_ptr<Policy> make_policy(std::string_view name, const Knobs& knobs = {},
                                    const std::string& weights_file = {});

}  // namespace pado::scheduler
