// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "scheduler/slot_scheduler.h"

namespace pado::scheduler::test {

/// 51 PRBs in 13 groups, the last of three.
inline CellShape contiguous_shape() { return {}; }

inline CellShape set_shape() {
  CellShape shape;
  shape.prbs = 48;
  shape.allocation = AllocationType::rbgs;
  return shape;
}

/// A policy that is a function, for answers that no real one gives.
class ScriptedPolicy final : public Policy {
 public:
  using Script = std::function<void(const CellState&, const FreeResources&, SlotAllocation&)>;
  explicit ScriptedPolicy(Script script) : script_(std::move(script)) {}
  [[nodiscard]] std::string_view name() const override { return "scripted"; }
  void start(const CellShape& /*shape*/, int /*users*/) override {}
  void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept override {
    script_(cell, free, allocation);
  }

 private:
  Script script_;
};

inline std::unique_ptr<Policy> scripted(ScriptedPolicy::Script script) {
  return std::make_unique<ScriptedPolicy>(std::move(script));
}

inline CqiReport flat_report(float sinr_db, std::int64_t slot = 0) {
  CqiReport report;
  report.measured_slot = slot;
  report.sinr_db.fill(sinr_db);
  return report;
}

/// Full-buffer users with flat reports.
inline void attach_users(SlotScheduler& cell, int users, float sinr_db = 15) {
  for (int user = 0; user < users; ++user) {
    cell.attach(user, TrafficClass::full_buffer);
    cell.on_report(user, flat_report(sinr_db));
  }
}

inline Feedback feedback_of(const UserAllocation& block, std::int64_t slot, bool acknowledged) {
  Feedback feedback;
  feedback.user = block.user;
  feedback.process = block.process;
  feedback.sent_slot = slot;
  feedback.acknowledged = acknowledged;
  return feedback;
}

}  // namespace pado::scheduler::test
