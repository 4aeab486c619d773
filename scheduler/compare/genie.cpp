// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/genie.h"

#include <bit>

namespace pado::scheduler {

Genie::Genie(const Scenario& scenario, std::uint64_t seed, const Knobs& knobs, bool knows_rbgs)
    : channel_(scenario, seed),
      link_(scenario.shape.mcs_table),
      knows_rbgs_(knows_rbgs),
      window_slots_(knobs.window_slots),
      fair_(knobs) {}

void Genie::start(const CellShape& shape, int users) {
  fair_.start(shape, users);
  average_.start(users, window_slots_);
}

void Genie::on_report(const CellState& cell, int user) noexcept { fair_.on_report(cell, user); }

void Genie::on_allocated(const CellState& cell, const SlotAllocation& allocation) noexcept {
  fair_.on_allocated(cell, allocation);
  average_.count(allocation);
}

void Genie::allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept {
  const int first = allocation.count;
  if (knows_rbgs_) {
    allocate_by_truth(cell, free, allocation);
  } else {
    fair_.allocate(cell, free, allocation);
  }
  for (int i = first; i < allocation.count; ++i) choose_mcs(cell, allocation.users[i]);
}

void Genie::allocate_by_truth(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept {
  std::array<float, kMaxRbgs> sinr;
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    channel_.sinr(user, cell.slot, sinr);
    for (int r = 0; r < cell.shape.rbgs(); ++r) {
      scores_.efficiency[user][r] = link_.continuous_efficiency(to_db(sinr[r]));
      scores_.metric[user][r] = scores_.efficiency[user][r] / average_.bits(user);
    }
  }
  choose_rbgs(cell, free, scores_, choice_);
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    if (choice_[user] == 0) continue;
    UserAllocation block;
    block.user = user;
    block.rbgs = choice_[user];
    block.layers = cell.shape.layers;
    allocation.add(block);
  }
}

void Genie::choose_mcs(const CellState& cell, UserAllocation& block) const noexcept {
  std::array<float, kMaxRbgs> sinr;
  channel_.sinr(block.user, cell.slot, sinr);
  EffectiveSinr effective;
  for (RbgMask left = block.rbgs; left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    effective.add(sinr[r], cell.shape.prbs_of(r));
  }
  const auto sinr_db = effective.db();
  float best = -1;
  for (int mcs = 0; mcs < link_.mcs_count(); ++mcs) {
    const float here_db = sinr_db[link_.modulation(mcs)];
    const float goodput = link_.goodput(mcs, here_db, 0, cell.shape.transmissions);
    if (goodput <= best) continue;
    best = goodput;
    block.mcs = mcs;
    block.predicted_sinr_db = here_db;
  }
}

}  // namespace pado::scheduler
