// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernels/slot_samples.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/report.h"
#include "scheduler/slot_scheduler.h"
#include "station/cell_config.h"
#include "station/loop/inbox.h"
#include "station/messages/session.h"
#include "station/messages/slot_indication.h"
#include "station/messages/slot_request.h"
#include "station/slot_decoder.h"

namespace pado::station {

/// What one user's transmissions came to.
struct UserTotals {
  std::int64_t first_transmissions = 0, first_failed = 0, retransmissions = 0;
  std::int64_t mcs_sum = 0;  // over first transmissions
};

/// What the slots of one session cost and came to.
struct CellTotals {
  std::int64_t slots = 0, decoded_slots = 0;
  double plan_us = 0, decode_us = 0;
  std::array<double, pusch::kStages> stage_us{};
  std::int64_t backend_failures = 0;
};

/// The base station of one session, without its sockets: who is granted what, and what became of it. Slots go through
/// begin_slot, take and decode; a grant knows the reports of slots that were decoded and the indications that were
/// taken before it, so that the order of these calls alone decides what happens.
class BaseCell {
 public:
  /// first_slot and users from `info`, everything else from the cell. Throws Error for what cannot be scheduled.
  BaseCell(const CellConfig& cell, const CellInfo& info, const Hello& hello, std::unique_ptr<scheduler::Policy> policy);

  /// Grants of the next slot, and feedback for what was decoded since the last one. Valid until the next call.
  const SlotRequest& begin_slot();

  /// Buffers and CQI of a slot that was begun. An empty string, or what cannot be.
  [[nodiscard]] std::string take(const SlotIndication& indication);

  /// Decodes the oldest slot that was begun and not decoded.
  void decode(const SlotSamples& samples);
  /// Its samples did not come.
  void miss();
  [[nodiscard]] bool has_undecoded() const { return !begun_.empty(); }

  /// From now on no new blocks.
  void drain() { scheduler_.drain(); }
  /// Whether every block has had its end, and the users were told.
  [[nodiscard]] bool drained() const;

  [[nodiscard]] SessionEnd account() const;
  [[nodiscard]] std::int64_t next_slot() const { return next_slot_; }
  [[nodiscard]] const CellInfo& info() const { return info_; }
  [[nodiscard]] std::span<const Inbox> inboxes() const { return inboxes_; }
  [[nodiscard]] std::span<const UserTotals> user_totals() const { return totals_; }
  [[nodiscard]] const CellTotals& totals() const { return cell_totals_; }
  [[nodiscard]] const scheduler::SlotScheduler& scheduler() const { return scheduler_; }

 private:
  struct Begun {
    std::int64_t slot = 0;
    int count = 0;
    std::array<UplinkGrant, scheduler::kMaxUsersPerSlot> grants{};
    std::array<bool, scheduler::kMaxUsersPerSlot> is_new{};
    std::array<int, scheduler::kMaxUsersPerSlot> block{};
  };
  struct Process {
    bool ndi = false;
    int block = 0;
    int base_graph = 1;
  };
  UplinkGrant grant_for(const scheduler::UserAllocation& allocation, bool is_new);
  pusch::SlotPlan plan(const Begun& slot);
  void settle(const Begun& slot, int index, bool decoded, std::span<const std::uint8_t> payload);

  CellInfo info_;
  int dmrs_additional_position_;
  scheduler::SlotScheduler scheduler_;
  pusch::PlanLimits limits_;
  pusch::Planner planner_;
  std::unique_ptr<SlotDecoder> decoder_;
  pusch::SlotReport report_;
  std::deque<Begun> begun_;
  std::vector<nr::PuschGrant> pusch_grants_;
  std::vector<Inbox> inboxes_;
  std::vector<UserTotals> totals_;
  std::vector<std::array<Process, scheduler::kMaxHarqProcesses>> processes_;
  SlotRequest request_;
  std::vector<BlockFeedback> feedback_;  // for the next request
  std::int64_t next_slot_;
  CellTotals cell_totals_;
};

/// What the cell tells its users.
CellInfo cell_info(const CellConfig& cell, int users, std::int64_t first_slot);

}  // namespace pado::station
