// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scheduler/policies/link_adaptation.h"
#include "scheduler/policy.h"

namespace pado::scheduler {

/// Users take turns: a slot's free RBGs go in equal runs to the next ones that have data.
class RoundRobin final : public Policy {
 public:
  explicit RoundRobin(const Knobs& knobs) : adaptation_(knobs) {}
  [[nodiscard]] std::string_view name() const override { return "rr"; }
  void start(const CellShape& shape, int users) override;
  void on_report(const CellState& cell, int user) noexcept override { adaptation_.on_report(cell, user); }
  void on_feedback(const CellState& /*cell*/, const Feedback& feedback) noexcept override {
    adaptation_.on_feedback(feedback);
  }
  void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept override;

 private:
  [[nodiscard]] RbgMask run_of(const CellState& cell, int user, int most, RbgMask& left) const;

  LinkAdaptation adaptation_;
  int users_ = 0;
  int next_ = 0;  // the user whose turn it is
  unsigned turn_ = 0;
};

}  // namespace pado::scheduler
