// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "scheduler/policy.h"

namespace pado::scheduler {

/// The part of a scheduler that no policy changes: the state of the cell, HARQ processes, retransmissions first, and a
/// check of what the policy returns. Used by the simulator and by the base station alike.
class SlotScheduler {
 public:
  struct Counters {
    std::int64_t slots = 0, new_blocks = 0, retransmissions = 0, lost_blocks = 0;
    std::int64_t fallbacks = 0;  // slots in which the policy returned nonsense and proportional fair took its place
  };

  /// Throws Error for a shape out of range, or users not from 1 to kMaxUsers.
  SlotScheduler(const CellShape& shape, int users, std::unique_ptr<Policy> policy);
  ~SlotScheduler();

  void attach(int user, TrafficClass traffic);
  /// Its processes end; what was in flight is lost.
  void detach(int user);

  /// All three say false and do nothing for a user that is not attached or a process that does not wait.
  bool on_report(int user, const CqiReport& report) noexcept;
  bool on_buffer(int user, std::int64_t bytes) noexcept;
  /// feedback: user, process, sent_slot and acknowledged; the rest is filled in here. lost: the block has no further
  /// transmission and was not acknowledged.
  bool on_feedback(Feedback feedback, bool* lost = nullptr) noexcept;

  /// The grants of a slot; slots ascend. Valid until the next call.
  const SlotAllocation& allocate(std::int64_t slot) noexcept;

  /// From now on no new blocks; what has begun is sent until its end.
  void drain() noexcept { draining_ = true; }

  [[nodiscard]] const CellState& cell() const { return cell_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] const Policy& policy() const { return *policy_; }

 private:
  struct Waiting {  // for a retransmission
    int user = 0, process = 0;
    std::int64_t sent_slot = 0;
  };
  void add_retransmissions(FreeResources& free) noexcept;
  void add_new_blocks(FreeResources& free) noexcept;
  [[nodiscard]] bool sensible(int first, FreeResources free) const noexcept;
  void commit(int first) noexcept;
  [[nodiscard]] FreeResources all_free() const noexcept;
  [[nodiscard]] int block_size(int prbs, int mcs, int layers) const { return sizes_[size_index(prbs, mcs, layers)]; }
  [[nodiscard]] std::size_t size_index(int prbs, int mcs, int layers) const {
    return (static_cast<std::size_t>(layers - 1) * mcs_count_ + mcs) * (cell_.shape.prbs + 1) + prbs;
  }
  void end_process(int user, int process) noexcept;

  CellState cell_;
  std::unique_ptr<Policy> policy_, fallback_;
  SlotAllocation allocation_;
  Counters counters_;
  std::vector<Waiting> waiting_;                 // the oldest first
  std::array<std::uint32_t, kMaxUsers> busy_{};  // bit p: the user's process p is not idle
  std::vector<int> sizes_;                       // of blocks in bits, by layers, MCS and PRBs
  int mcs_count_ = 0;                            // that are not reserved
  bool draining_ = false;
};

}  // namespace pado::scheduler
