// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scheduler/policies/link_adaptation.h"
#include "scheduler/policies/rbg_choice.h"
#include "scheduler/policy.h"

namespace pado::scheduler {

/// An RBG goes to the user with the best channel there: the most bits, and nothing for who is far away.
class MaximumCqi final : public Policy {
 public:
  explicit MaximumCqi(const Knobs& knobs) : adaptation_(knobs) {}
  [[nodiscard]] std::string_view name() const override { return "maxcqi"; }
  void start(const CellShape& shape, int users) override { adaptation_.start(shape, users); }
  void on_report(const CellState& cell, int user) noexcept override { adaptation_.on_report(cell, user); }
  void on_feedback(const CellState& /*cell*/, const Feedback& feedback) noexcept override {
    adaptation_.on_feedback(feedback);
  }
  void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept override;

 private:
  LinkAdaptation adaptation_;
  RbgScores scores_;
  RbgChoice choice_{};
};

}  // namespace pado::scheduler
