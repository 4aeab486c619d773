// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/make_policy.h"

#include <fmt/format.h>

#include "phy/nr/error.h"
#include "scheduler/learned/learned_policy.h"
#include "scheduler/policies/maximum_cqi.h"
#include "scheduler/policies/proportional_fair.h"
#include "scheduler/policies/round_robin.h"

namespace pado::scheduler {

std::unique_ptr<Policy> make_policy(std::string_view name, const Knobs& knobs, const std::string& weights_file) {
  if (name == "learned") {
    return std::make_unique<learned::LearnedPolicy>(
        weights_file.empty() ? learned::shipped_predictor_weights() : learned::load_predictor_weights(weights_file));
  }
  if (!weights_file.empty()) throw Error(fmt::format("{}: policy {} has no weights; learned has", weights_file, name));

  if (name == "pf") return std::make_unique<ProportionalFair>(knobs);
  if (name == "rr") return std::make_unique<RoundRobin>(knobs);
  if (name == "maxcqi") return std::make_unique<MaximumCqi>(knobs);
  throw Error(fmt::format("policy {}: no such policy, expected {}", name, kPolicyNames));
}

}  // namespace pado::scheduler
