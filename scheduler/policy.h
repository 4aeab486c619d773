// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "scheduler/cell_state.h"

namespace pado::scheduler {

inline constexpr int kMaxUsersPerSlot = 16;

/// A user's share of one slot.
struct UserAllocation {
  int user = 0;
  RbgMask rbgs = 0;
  int mcs = 0;  // index in the shape's table, not a reserved one
  int layers = 1;
  float predicted_sinr_db = 0;  // effective, over the RBGs; comes back in Feedback
  float sigma_db = 0;

  // Set by SlotScheduler.
  int process = 0;
  int transmission = 1;  // 2 and more: a retransmission
  int tbs_bits = 0;
};

/// Who gets what in one slot. Fixed size.
struct SlotAllocation {
  std::array<UserAllocation, kMaxUsersPerSlot> users{};
  int count = 0;

  void clear() { count = 0; }
  bool add(const UserAllocation& user) {
    if (count == kMaxUsersPerSlot) return false;
    users[count++] = user;
    return true;
  }
};

/// What is left of a slot when the retransmissions have their place.
struct FreeResources {
  RbgMask rbgs = 0;
  std::uint64_t users =
      0;               // bit u: user u may get a new block: attached, has data, a free process, not in the slot yet
  int user_count = 0;  // how many users may still be added to the slot
};

/// Decides who gets new blocks. Called by one thread, in the order of the slots; neither allocates memory nor throws
/// after `start`.
class Policy {
 public:
  virtual ~Policy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// A new cell: forget everything. Memory is laid out here.
  virtual void start(const CellShape& shape, int users) = 0;
  /// The newest of the user's reports is new.
  virtual void on_report(const CellState& /*cell*/, int /*user*/) noexcept {}
  virtual void on_feedback(const CellState& /*cell*/, const Feedback& /*feedback*/) noexcept {}
  /// Adds allocations of new blocks, of the free RBGs and to the free users alone. Called in every slot, also where
  /// nothing is free, so that averages run on.
  virtual void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept = 0;
  /// What the slot brought in the end, retransmissions included: averages count these bits. Called after allocate.
  virtual void on_allocated(const CellState& /*cell*/, const SlotAllocation& /*allocation*/) noexcept {}
  /// Reports on which it had no forecast that it could use, and took something simpler.
  [[nodiscard]] virtual std::int64_t unusable_forecasts() const noexcept { return 0; }
};

}  // namespace pado::scheduler
