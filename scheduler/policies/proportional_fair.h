// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "scheduler/policies/link_adaptation.h"
#include "scheduler/policies/rbg_choice.h"
#include "scheduler/policy.h"

namespace pado::scheduler {

/// Average throughput of each user, in bits a slot, over a sliding window of exponential weights; over all slots so far
/// while there are fewer, so that a new user is neither favoured nor starved for a window's length.
class ThroughputAverage {
 public:
  void start(int users, double window_slots);
  void restart(int user) { users_[user] = {}; }
  /// Once a slot, with all of its blocks.
  void count(const SlotAllocation& allocation) noexcept;
  /// Never below one bit a slot.
  [[nodiscard]] float bits(int user) const { return users_[user].bits; }

 private:
  struct User {
    float bits = 1;
    int slots = 0;
  };
  float window_ = 1;
  std::vector<User> users_;
};

/// Proportional fair: an RBG goes to the user with the greatest expected rate there, divided by its average throughput;
/// the gradient of the sum of the logarithms of the throughputs.
class ProportionalFair final : public Policy {
 public:
  explicit ProportionalFair(const Knobs& knobs) : knobs_(knobs), adaptation_(knobs) {}
  [[nodiscard]] std::string_view name() const override { return "pf"; }
  void start(const CellShape& shape, int users) override;
  void on_report(const CellState& cell, int user) noexcept override;
  void on_feedback(const CellState& cell, const Feedback& feedback) noexcept override;
  void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept override;
  void on_allocated(const CellState& cell, const SlotAllocation& allocation) noexcept override;

 private:
  void score(const CellState& cell, int user) noexcept;

  Knobs knobs_;
  LinkAdaptation adaptation_;
  ThroughputAverage average_;
  std::uint64_t rescore_ = 0;  // users with a report that efficiency does not show yet
  RbgScores scores_;
  RbgChoice choice_{};
};

}  // namespace pado::scheduler
