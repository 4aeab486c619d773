// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/policies/maximum_cqi.h"

#include <bit>

namespace pado::scheduler {

void MaximumCqi::allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept {
  if (free.rbgs == 0 || free.users == 0 || free.user_count == 0) return;
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    for (int r = 0; r < cell.shape.rbgs(); ++r) {
      const float sinr_db = adaptation_.sinr_db(user, r);
      scores_.efficiency[user][r] = adaptation_.link().continuous_efficiency(sinr_db);
      scores_.metric[user][r] = from_db(sinr_db);  // not the efficiency, which ends at the highest MCS
    }
  }
  choose_rbgs(cell, free, scores_, choice_);
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    if (choice_[user] != 0) allocation.add(adaptation_.block(cell.shape, user, choice_[user]));
  }
}

}  // namespace pado::scheduler
