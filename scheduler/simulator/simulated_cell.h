// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "scheduler/link/link_abstraction.h"
#include "scheduler/simulator/cell_channel.h"
#include "scheduler/slot_scheduler.h"

namespace pado::scheduler {

/// What became of a user since start_counting.
struct UserTotals {
  TrafficClass traffic = TrafficClass::full_buffer;
  std::int64_t delivered_bits = 0;
  std::int64_t active_slots = 0;  // in which it had something to send or in flight
  std::int64_t first_transmissions = 0, first_losses = 0, lost_blocks = 0;

  /// While it had something to send: what a person with a file to wait for perceives. 0 for who never had.
  [[nodiscard]] double throughput_bps(double slot_s) const {
    return active_slots == 0 ? 0 : static_cast<double>(delivered_bits) / (static_cast<double>(active_slots) * slot_s);
  }
};

/// One cell with its users, slot by slot: reports arrive, blocks are scheduled by SlotScheduler, sent through the
/// channel, combined, lost or not by a coin that belongs to slot and user. The same scenario, seed and policy give the
/// same run, bit by bit.
class SimulatedCell {
 public:
  SimulatedCell(const Scenario& scenario, std::uint64_t seed, std::unique_ptr<Policy> policy);

  /// One slot: feedback and reports arrive, files arrive, blocks are scheduled and sent.
  void step();
  void run(std::int64_t slots) {
    for (std::int64_t i = 0; i < slots; ++i) step();
  }
  void start_counting();

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const SlotScheduler& scheduler() const { return scheduler_; }
  [[nodiscard]] const std::vector<UserTotals>& totals() const { return totals_; }
  /// The next slot.
  [[nodiscard]] std::int64_t slot() const { return slot_; }
  /// The truth, for tests and training.
  [[nodiscard]] const CellChannel& channel() const { return channel_; }
  /// Users whose reports arrived in the last slot.
  [[nodiscard]] std::uint64_t arrived() const { return arrived_; }

 private:
  struct Sent {
    int user = 0, process = 0;
    std::int64_t payload_bits = 0;
    bool first = false, acknowledged = false;
  };
  struct SentSlot {
    std::array<Sent, kMaxUsersPerSlot> blocks{};
    int count = 0;
  };
  struct User {
    std::int64_t queue_bits = 0, in_flight_bits = 0;
    double next_file_slot = 0;
    std::uint64_t files = 0;
    std::array<float, kMaxHarqProcesses> combined_sinr{};  // linear, of all transmissions of the block so far
    std::array<std::int64_t, kMaxHarqProcesses> payload_bits{};
  };
  void deliver_feedback();
  void deliver_reports();
  void add_files();
  void count_activity();
  void send(const SlotAllocation& allocation);
  [[nodiscard]] bool received(const UserAllocation& block);

  Scenario scenario_;
  std::uint64_t seed_;
  CellChannel channel_;
  LinkTable link_;
  SlotScheduler scheduler_;
  std::vector<User> users_;
  std::vector<UserTotals> totals_;
  std::vector<SentSlot> sent_;  // by slot modulo its size
  std::int64_t slot_ = 0;
  std::uint64_t arrived_ = 0;
};

}  // namespace pado::scheduler
