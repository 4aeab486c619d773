// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/policies/proportional_fair.h"

#include <algorithm>
#include <bit>

namespace pado::scheduler {

void ThroughputAverage::start(int users, double window_slots) {
  window_ = static_cast<float>(std::max(window_slots, 1.0));
  users_.assign(users, {});
}

void ThroughputAverage::count(const SlotAllocation& allocation) noexcept {
  std::array<float, kMaxUsers> sent{};
  for (int i = 0; i < allocation.count; ++i) {
    const UserAllocation& block = allocation.users[i];
    if (block.transmission == 1) sent[block.user] += static_cast<float>(block.tbs_bits);
  }
  for (std::size_t i = 0; i < users_.size(); ++i) {
    User& user = users_[i];
    ++user.slots;
    const float window = std::min(window_, static_cast<float>(user.slots));
    user.bits = std::max(user.bits + (sent[i] - user.bits) / window, 1.0F);
  }
}

void ProportionalFair::start(const CellShape& shape, int users) {
  adaptation_.start(shape, users);
  average_.start(users, knobs_.window_slots);
  rescore_ = ~std::uint64_t{0};
  scores_ = {};
}

void ProportionalFair::on_report(const CellState& cell, int user) noexcept {
  if (cell.users[user].reports.size() == 1) average_.restart(user);
  adaptation_.on_report(cell, user);
  rescore_ |= std::uint64_t{1} << user;
}

void ProportionalFair::on_feedback(const CellState& /*cell*/, const Feedback& feedback) noexcept {
  adaptation_.on_feedback(feedback);
}

void ProportionalFair::score(const CellState& cell, int user) noexcept {
  if ((rescore_ >> user & 1U) != 0) {
    for (int r = 0; r < cell.shape.rbgs(); ++r) {
      scores_.efficiency[user][r] = adaptation_.link().continuous_efficiency(adaptation_.sinr_db(user, r));
    }
    rescore_ &= ~(std::uint64_t{1} << user);
  }
  const float weight = 1 / average_.bits(user);
  for (int r = 0; r < kMaxRbgs; ++r) scores_.metric[user][r] = scores_.efficiency[user][r] * weight;
}

void ProportionalFair::allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept {
  if (free.rbgs == 0 || free.users == 0 || free.user_count == 0) return;
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) score(cell, std::countr_zero(left));
  choose_rbgs(cell, free, scores_, choice_);
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    if (choice_[user] != 0) allocation.add(adaptation_.block(cell.shape, user, choice_[user]));
  }
}

void ProportionalFair::on_allocated(const CellState& /*cell*/, const SlotAllocation& allocation) noexcept {
  average_.count(allocation);
}

}  // namespace pado::scheduler
