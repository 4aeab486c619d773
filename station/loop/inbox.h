// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <vector>

#include "scheduler/cell_state.h"
#include "station/messages/session.h"

namespace pado::station {

/// How many payloads waited how many slots, from the arrival of their oldest data to their delivery.
class LatencyCounts {
 public:
  void add(std::int64_t slots) {
    ++counts_[static_cast<std::size_t>(slots < kMost ? slots : kMost)];
    ++total_;
  }
  void add(const LatencyCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
  }
  /// The smallest number of slots that `share` of the payloads did not exceed; 0 where there are none.
  [[nodiscard]] int percentile(double share) const;
  bool operator==(const LatencyCounts&) const = default;

 private:
  static constexpr std::int64_t kMost = 20000;  // and more
  std::vector<std::int64_t> counts_ = std::vector<std::int64_t>(kMost + 1);
  std::int64_t total_ = 0;
};

/// One user's blocks at the base station: HARQ processes end out of order, payloads are delivered in order, each once.
/// A block that is given up is counted as lost when its turn comes.
class Inbox {
 public:
  Inbox(int user, std::uint64_t payload_seed) : user_(user), seed_(payload_seed) {}

  /// A grant begins a new block in a process.
  void begin_block(int process);
  /// The process's block was decoded in the slot, with these bytes.
  void receive(int process, std::span<const std::uint8_t> payload, std::int64_t slot);
  /// The process's block is given up.
  void lose(int process, std::int64_t slot);

  /// Blocks that were begun and have no end yet.
  [[nodiscard]] std::int64_t in_flight() const { return in_flight_; }
  [[nodiscard]] const UserAccount& account() const { return account_; }
  [[nodiscard]] std::int64_t delivered_bytes() const { return delivered_bytes_; }  // of data
  [[nodiscard]] const LatencyCounts& latency() const { return latency_; }

 private:
  enum class State : std::uint8_t { in_flight, received, corrupt, lost };
  struct Block {
    State state = State::in_flight;
    std::int64_t number = 0;         // as its head says
    std::int64_t arrival_slot = 0;   // modulo kArrivalSlots
    std::vector<std::uint8_t> data;  // the payload, until it is delivered
    int data_bytes = 0;
  };
  void end(int process, State state, std::int64_t slot);
  void deliver(const Block& block, std::int64_t slot);
  bool came_before(std::int64_t number);

  static constexpr std::int64_t kRemembered = 256;  // more than a user's blocks in flight
  static constexpr std::array<std::int64_t, kRemembered> no_numbers() {
    std::array<std::int64_t, kRemembered> none{};
    none.fill(std::numeric_limits<std::int64_t>::min());
    return none;
  }

  int user_;
  std::uint64_t seed_;
  std::deque<Block> waiting_;                                        // from the first that is not delivered
  std::int64_t first_ = 0;                                           // its number
  std::array<std::int64_t, scheduler::kMaxHarqProcesses> number_{};  // by process
  std::int64_t in_flight_ = 0, delivered_bytes_ = 0;
  std::array<std::int64_t, kRemembered> delivered_ = no_numbers();  // the newest numbers, by number modulo size
  UserAccount account_;
  LatencyCounts latency_;
};

}  // namespace pado::station
