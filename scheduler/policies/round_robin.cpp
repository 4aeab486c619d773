// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/policies/round_robin.h"

#include <algorithm>
#include <array>
#include <bit>

#include "scheduler/policies/rbg_choice.h"

namespace pado::scheduler {

void RoundRobin::start(const CellShape& shape, int users) {
  adaptation_.start(shape, users);
  users_ = users;
  next_ = 0;
  turn_ = 0;
}

// Neighbouring RBGs from the lowest that is left, as many as the buffer fills and no more than given.
RbgMask RoundRobin::run_of(const CellState& cell, int user, int most, RbgMask& left) const {
  RbgMask run = 0;
  int rbg = std::countr_zero(left);
  const float wanted = bits_wanted(cell.users[user]);
  for (float bits = 0; most > 0 && bits < wanted && rbg < kMaxRbgs && (left >> rbg & 1U) != 0; ++rbg, --most) {
    run |= RbgMask{1} << rbg;
    bits += bits_of(cell.shape, cell.shape.prbs_of(rbg),
                    adaptation_.link().continuous_efficiency(adaptation_.sinr_db(user, rbg)));
  }
  left &= ~run;
  return run;
}

void RoundRobin::allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept {
  std::array<int, kMaxUsersPerSlot> chosen{};
  int count = 0;
  // As many as there are RBGs: who gets none keeps his turn.
  const int most = std::min({free.user_count, kMaxUsersPerSlot, std::popcount(free.rbgs)});
  for (int i = 0, user = next_; i < users_ && count < most; ++i) {
    if ((free.users >> user & 1U) != 0) chosen[count++] = user;
    user = (user + 1) % users_;
  }
  if (count == 0 || free.rbgs == 0) return;
  RbgMask left = free.rbgs;
  for (int i = 0; i < count && left != 0; ++i) {
    const int user = chosen[(i + turn_) % count];  // the larger shares and the smaller last RBG go round as well
    const int share = (std::popcount(left) + count - i - 1) / (count - i);
    allocation.add(adaptation_.block(cell.shape, user, run_of(cell, user, share, left)));
  }
  next_ = (chosen[count - 1] + 1) % users_;
  ++turn_;
}

}  // namespace pado::scheduler
