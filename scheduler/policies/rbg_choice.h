// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "scheduler/policy.h"

namespace pado::scheduler {

/// What each user would make of each RBG.
struct RbgScores {
  std::array<std::array<float, kMaxRbgs>, kMaxUsers> metric{};  // the greatest gets the RBG; not above 0 or NaN: never
  std::array<std::array<float, kMaxRbgs>, kMaxUsers> efficiency{};  // bits a resource element and layer
};

/// By user.
using RbgChoice = std::array<RbgMask, kMaxUsers>;

/// Gives the free RBGs to the free users, by their metric: to the best user each where the shape takes any set; else by
/// recursive maximum expansion, which grows each user's run from its best RBG for as long as no other user is better
/// there. A user of TrafficClass::bursts gets no more RBGs than its buffer fills.
void choose_rbgs(const CellState& cell, const FreeResources& free, const RbgScores& scores, RbgChoice& choice) noexcept;

/// Bits of the shape's allocation that fit in so many PRBs at this efficiency.
inline float bits_of(const CellShape& shape, int prbs, float efficiency) {
  return efficiency * static_cast<float>(prbs * (12 * shape.symbols - shape.dmrs_elements_per_prb) * shape.layers);
}

/// What the user has to send, in bits, headers of about 3 % included; endless with a full buffer.
float bits_wanted(const UserState& user);

}  // namespace pado::scheduler
