// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/harq_pool.h"

#include <algorithm>

namespace pado::pusch {
namespace {

constexpr std::size_t kNameRoom = 32;  // names up to this length are kept without an allocation

}  // namespace

HarqPool::HarqPool(int buffers) : processes_(static_cast<std::size_t>(std::max(buffers, 0))) {
  for (Process& process : processes_) process.name.reserve(kNameRoom);
}

HarqPool::Process* HarqPool::find(const nr::PuschGrant& grant) {
  for (Process& process : processes_)
    if (process.last_slot != 0 && process.rnti == grant.rnti && process.name == grant.harq_process) return &process;
  return nullptr;
}

// A free buffer, or that of the process which was silent for longest.
HarqPool::Process* HarqPool::free_one() {
  Process* oldest = nullptr;
  for (Process& process : processes_)
    if (oldest == nullptr || process.last_slot < oldest->last_slot) oldest = &process;
  if (oldest == nullptr || oldest->last_slot == slot_) return nullptr;
  if (oldest->last_slot != 0) ++counters_.evicted;
  return oldest;
}

HarqPool::Place HarqPool::place(const nr::PuschGrant& grant, int payload_bits) {
  Process* process = find(grant);
  const bool known = process != nullptr && grant.block == process->grant_block;
  const bool resized = known && payload_bits != process->payload_bits;
  if (!grant.new_data && !known) ++counters_.without_first;
  if (!grant.new_data && resized) ++counters_.resized;
  if (process == nullptr) {
    process = free_one();
    if (process == nullptr) {
      ++counters_.without_room;
      return once();
    }
    process->rnti = grant.rnti;
    process->name = grant.harq_process;
  }
  process->last_slot = slot_;
  if (grant.new_data || !known || resized) {
    process->grant_block = grant.block;
    process->payload_bits = payload_bits;
    process->block = ++blocks_;
  }
  return {static_cast<int>(process - processes_.data()), process->block};
}

void HarqPool::clear() {
  for (Process& process : processes_) process.last_slot = 0;
}

}  // namespace pado::pusch
