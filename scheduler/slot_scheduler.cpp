// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/slot_scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include "phy/nr/error.h"
#include "scheduler/block_size.h"
#include "scheduler/check_shape.h"
#include "scheduler/place_retransmission.h"
#include "scheduler/policies/proportional_fair.h"

namespace pado::scheduler {
namespace {

constexpr std::uint64_t user_bit(int user) { return std::uint64_t{1} << user; }

bool is_run(RbgMask mask) {
  const RbgMask low = mask >> std::countr_zero(mask);
  return (low & (low + 1)) == 0;
}

}  // namespace

SlotScheduler::SlotScheduler(const CellShape& shape, int users, std::unique_ptr<Policy> policy)
    : policy_(std::move(policy)), fallback_(std::make_unique<ProportionalFair>(Knobs{})) {
  check_shape(shape);
  if (users < 1 || users > kMaxUsers) {
    throw Error(fmt::format("scheduler: {} users, expected 1 to {}", users, kMaxUsers));
  }
  if (policy_ == nullptr) throw Error("scheduler: no policy");
  cell_.shape = shape;
  cell_.users.resize(users);
  waiting_.reserve(static_cast<std::size_t>(users) * shape.harq_processes);
  while (nr::mcs(shape.mcs_table, mcs_count_)) ++mcs_count_;
  sizes_.resize(size_index(0, 0, shape.layers + 1));
  for (int layers = 1; layers <= shape.layers; ++layers) {
    for (int mcs = 0; mcs < mcs_count_; ++mcs) {
      for (int prbs = 1; prbs <= shape.prbs; ++prbs) {
        sizes_[size_index(prbs, mcs, layers)] = block_size_bits(shape, prbs, mcs, layers);
      }
    }
  }
  policy_->start(shape, users);
  fallback_->start(shape, users);
}

SlotScheduler::~SlotScheduler() = default;

void SlotScheduler::attach(int user, TrafficClass traffic) {
  if (user < 0 || user >= static_cast<int>(cell_.users.size())) {
    throw Error(fmt::format("scheduler: user {}, expected 0 to {}", user, cell_.users.size() - 1));
  }
  detach(user);
  cell_.users[user].attached = true;
  cell_.users[user].traffic = traffic;
}

void SlotScheduler::detach(int user) {
  if (user < 0 || user >= static_cast<int>(cell_.users.size())) return;
  cell_.users[user] = {};
  busy_[user] = 0;
  std::erase_if(waiting_, [&](const Waiting& w) { return w.user == user; });
}

bool SlotScheduler::on_report(int user, const CqiReport& report) noexcept {
  if (user < 0 || user >= static_cast<int>(cell_.users.size()) || !cell_.users[user].attached) return false;
  const auto measured = std::span(report.sinr_db).first(cell_.shape.rbgs());
  if (!std::ranges::all_of(measured, [](float s) { return std::isfinite(s); })) return false;
  cell_.users[user].reports.push(report);
  policy_->on_report(cell_, user);
  fallback_->on_report(cell_, user);
  return true;
}

bool SlotScheduler::on_buffer(int user, std::int64_t bytes) noexcept {
  if (user < 0 || user >= static_cast<int>(cell_.users.size()) || !cell_.users[user].attached || bytes < 0)
    return false;
  cell_.users[user].buffer_bytes = bytes;
  return true;
}

bool SlotScheduler::on_feedback(Feedback feedback, bool* lost) noexcept {
  if (lost != nullptr) *lost = false;
  const int user = feedback.user, p = feedback.process;
  if (user < 0 || user >= static_cast<int>(cell_.users.size()) || p < 0 || p >= cell_.shape.harq_processes)
    return false;
  HarqProcess& process = cell_.users[user].harq[p];
  if (process.phase != HarqPhase::waits_for_feedback || process.sent_slot != feedback.sent_slot) return false;
  feedback.mcs = process.mcs;
  feedback.transmission = process.transmissions;
  feedback.predicted_sinr_db = process.predicted_sinr_db;
  feedback.sigma_db = process.sigma_db;
  feedback.tbs_bits = process.tbs_bits;
  if (feedback.acknowledged) {
    end_process(user, p);
  } else if (process.transmissions < cell_.shape.transmissions) {
    process.phase = HarqPhase::waits_for_retransmission;
    const auto later = std::ranges::upper_bound(waiting_, process.sent_slot, {}, &Waiting::sent_slot);
    waiting_.insert(later, {user, p, process.sent_slot});  // room for all was reserved
  } else {
    end_process(user, p);
    ++counters_.lost_blocks;
    if (lost != nullptr) *lost = true;
  }
  policy_->on_feedback(cell_, feedback);
  fallback_->on_feedback(cell_, feedback);
  return true;
}

void SlotScheduler::end_process(int user, int process) noexcept {
  UserState& u = cell_.users[user];
  u.in_flight_bytes -= u.harq[process].tbs_bits / 8;
  u.harq[process] = {};
  busy_[user] &= ~(1U << process);
}

FreeResources SlotScheduler::all_free() const noexcept {
  FreeResources free{cell_.shape.all_rbgs(), 0, cell_.shape.users_per_slot};
  if (draining_) return free;
  const auto all_busy = (1U << cell_.shape.harq_processes) - 1;
  for (std::size_t i = 0; i < cell_.users.size(); ++i) {
    const UserState& user = cell_.users[i];
    const bool has_data = user.traffic == TrafficClass::full_buffer || user.buffer_bytes > 0;
    if (user.attached && has_data && busy_[i] != all_busy) free.users |= user_bit(static_cast<int>(i));
  }
  return free;
}

const SlotAllocation& SlotScheduler::allocate(std::int64_t slot) noexcept {
  cell_.slot = slot;
  allocation_.clear();
  ++counters_.slots;
  FreeResources free = all_free();
  add_retransmissions(free);
  add_new_blocks(free);
  policy_->on_allocated(cell_, allocation_);
  fallback_->on_allocated(cell_, allocation_);
  return allocation_;
}

void SlotScheduler::add_retransmissions(FreeResources& free) noexcept {
  std::uint64_t in_slot = 0;
  const auto sent = [&](const Waiting& waiting) {
    if (free.user_count == 0 || (in_slot & user_bit(waiting.user)) != 0) return false;
    HarqProcess& process = cell_.users[waiting.user].harq[waiting.process];
    const RbgMask rbgs = place_retransmission(cell_.shape, free.rbgs, process);
    if (rbgs == 0) return false;  // its turn comes when there is a place for it
    process.phase = HarqPhase::waits_for_feedback;
    process.sent_slot = cell_.slot;
    ++process.transmissions;
    allocation_.add({waiting.user, rbgs, process.mcs, process.layers, process.predicted_sinr_db, process.sigma_db,
                     waiting.process, process.transmissions, process.tbs_bits});
    ++counters_.retransmissions;
    in_slot |= user_bit(waiting.user);
    free.rbgs &= ~rbgs;
    --free.user_count;
    return true;
  };
  std::erase_if(waiting_, sent);
  free.users &= ~in_slot;
}

void SlotScheduler::add_new_blocks(FreeResources& free) noexcept {
  const SlotAllocation retransmissions = allocation_;
  const int first = retransmissions.count;
  policy_->allocate(cell_, free, allocation_);
  const int count = allocation_.count;
  std::copy_n(retransmissions.users.begin(), first, allocation_.users.begin());  // not the policy's to change
  if (count < first || count > kMaxUsersPerSlot || !sensible(first, free)) {
    ++counters_.fallbacks;
    allocation_ = retransmissions;
    fallback_->allocate(cell_, free, allocation_);
  }
  commit(first);
}

// Whether the blocks from `first` on are what a policy may answer.
bool SlotScheduler::sensible(int first, FreeResources free) const noexcept {
  const CellShape& shape = cell_.shape;
  for (int i = first; i < allocation_.count; ++i) {
    const UserAllocation& block = allocation_.users[i];
    if (free.user_count-- <= 0) return false;
    if (block.user < 0 || block.user >= kMaxUsers || (free.users & user_bit(block.user)) == 0) return false;
    if (block.rbgs == 0 || (block.rbgs & ~free.rbgs) != 0) return false;
    if (shape.allocation == AllocationType::contiguous && !is_run(block.rbgs)) return false;
    if (block.mcs < 0 || block.mcs >= mcs_count_ || block.layers < 1 || block.layers > shape.layers) return false;
    if (!std::isfinite(block.predicted_sinr_db) || !std::isfinite(block.sigma_db) || block.sigma_db < 0) return false;
    free.users &= ~user_bit(block.user);
    free.rbgs &= ~block.rbgs;
  }
  return true;
}

void SlotScheduler::commit(int first) noexcept {
  for (int i = first; i < allocation_.count; ++i) {
    UserAllocation& block = allocation_.users[i];
    UserState& user = cell_.users[block.user];
    const int prbs = cell_.shape.prbs_of_mask(block.rbgs);
    block.process = std::countr_one(busy_[block.user]);
    block.transmission = 1;
    block.tbs_bits = block_size(prbs, block.mcs, block.layers);
    busy_[block.user] |= 1U << block.process;
    user.harq[block.process] = {HarqPhase::waits_for_feedback,
                                cell_.slot,
                                1,
                                block.mcs,
                                block.layers,
                                std::popcount(block.rbgs),
                                prbs,
                                block.tbs_bits,
                                block.predicted_sinr_db,
                                block.sigma_db};
    user.buffer_bytes = std::max<std::int64_t>(0, user.buffer_bytes - block.tbs_bits / 8);
    user.in_flight_bytes += block.tbs_bits / 8;
    ++counters_.new_blocks;
  }
}

}  // namespace pado::scheduler
