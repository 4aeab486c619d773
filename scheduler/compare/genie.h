// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scheduler/policies/proportional_fair.h"
#include "scheduler/simulator/cell_channel.h"

namespace pado::scheduler {

/// A bound, not a policy that anyone could run: proportional fair that knows the channel of the slot when it chooses
/// the MCS, and on request also when it chooses the RBGs. It has no outer loop: with an MCS that is always right the
/// loop would run to its end and take the RBGs with it.
class Genie final : public Policy {
 public:
  Genie(const Scenario& scenario, std::uint64_t seed, const Knobs& knobs, bool knows_rbgs);
  [[nodiscard]] std::string_view name() const override { return "genie"; }
  void start(const CellShape& shape, int users) override;
  void on_report(const CellState& cell, int user) noexcept override;
  void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept override;
  void on_allocated(const CellState& cell, const SlotAllocation& allocation) noexcept override;

 private:
  void allocate_by_truth(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept;
  void choose_mcs(const CellState& cell, UserAllocation& block) const noexcept;

  CellChannel channel_;
  LinkTable link_;
  bool knows_rbgs_;
  double window_slots_;
  ProportionalFair fair_;
  ThroughputAverage average_;
  RbgScores scores_;
  RbgChoice choice_{};
};

}  // namespace pado::scheduler
