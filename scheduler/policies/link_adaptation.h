// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "scheduler/link/link_abstraction.h"
#include "scheduler/policies/knobs.h"
#include "scheduler/policy.h"

namespace pado::scheduler {

/// What the classical policies make of reports and feedback: an SINR by RBG, and an MCS by effective SINR plus an
/// outer-loop offset, which the ACKs and NACKs of first transmissions move until the BLER is on target.
class LinkAdaptation {
 public:
  explicit LinkAdaptation(const Knobs& knobs) : knobs_(knobs) {}
  void start(const CellShape& shape, int users);
  void on_report(const CellState& cell, int user) noexcept;
  void on_feedback(const Feedback& feedback) noexcept;

  /// By RBG, dB, the offset included. Without a report: 0 dB.
  [[nodiscard]] float sinr_db(int user, int rbg) const { return users_[user].sinr_db[rbg] + users_[user].offset_db; }
  [[nodiscard]] float offset_db(int user) const { return users_[user].offset_db; }
  [[nodiscard]] const LinkTable& link() const { return link_; }
  /// MCS, layers and prediction of a new block on these RBGs.
  [[nodiscard]] UserAllocation block(const CellShape& shape, int user, RbgMask rbgs) const noexcept;

 private:
  struct User {
    std::array<float, kMaxRbgs> sinr_db{};  // after shrinking and smoothing
    float mean_db = 0;
    int reports = 0;
    float offset_db = 0;
  };
  Knobs knobs_;
  LinkTable link_{nr::McsTable::qam256};
  std::vector<User> users_;
};

}  // namespace pado::scheduler
