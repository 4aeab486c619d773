// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/listen/grant_cycle.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "phy/nr/numerology.h"
#include "station/slot_chains.h"
#include "stream/recording/slot_cycle.h"

namespace pado::station {
namespace {

pusch::PlanLimits limits_of(const stream::Recording& grants) {
  pusch::PlanLimits limits;
  std::set<std::pair<int, std::string>> processes;
  for (const stream::RecordedSlot& slot : grants.slots) {
    limits = larger_of(limits, pusch::limits_for_slot(grants.carrier, slot.grants));
    for (const nr::PuschGrant& grant : slot.grants)
      if (!grant.harq_process.empty()) processes.emplace(grant.rnti, grant.harq_process);
  }
  limits.harq_processes = static_cast<int>(processes.size());
  return limits;
}

// In the order of the stream: where each block begins, and which transmission is its last.
void find_blocks(const stream::Recording& grants, const stream::SlotCycle& cycle, GrantCycle& result) {
  std::map<std::pair<int, std::string>, ExpectedBlock*> open;
  for (std::size_t at = 0; at < cycle.slots.size(); ++at) {
    if (cycle.slots[at].recorded < 0) continue;
    CycleSlot& slot = result.slots[at];
    const stream::RecordedSlot& recorded = grants.slots[static_cast<std::size_t>(cycle.slots[at].recorded)];
    for (std::size_t ue = 0; ue < recorded.grants.size(); ++ue) {
      const nr::PuschGrant& grant = recorded.grants[ue];
      ExpectedBlock& block = slot.blocks[ue];
      block.payload = grant.expected_payload;
      block.block = slot.plan.ues[ue].block;
      block.first_slot = static_cast<int>(at);
      result.blocks = std::max(result.blocks, block.block);
      if (grant.harq_process.empty()) continue;
      ExpectedBlock*& before = open[{grant.rnti, grant.harq_process}];
      if (before != nullptr && before->block == block.block) {
        before->last_transmission = false;
        block.first_slot = before->first_slot;
      }
      before = &block;
    }
  }
}

}  // namespace

GrantCycle make_grant_cycle(const stream::Recording& grants, int max_ldpc_iterations) {
  const stream::SlotCycle cycle = stream::slot_cycle(grants);
  GrantCycle result;
  result.carrier = grants.carrier;
  result.scale = static_cast<float>(1 / stream::stream_full_scale(grants));
  result.limits = limits_of(grants);
  result.slots.resize(cycle.slots.size());
  pusch::Planner planner(result.carrier, result.limits);
  std::vector<int> place(grants.slots.size());  // in the cycle
  for (std::size_t at = 0; at < cycle.slots.size(); ++at) {
    const int recorded = cycle.slots[at].recorded;
    if (recorded < 0) continue;
    place[static_cast<std::size_t>(recorded)] = static_cast<int>(at);
    const auto& users = grants.slots[static_cast<std::size_t>(recorded)].grants;
    result.slots[at].plan = planner.plan(users, result.scale, max_ldpc_iterations);
    result.slots[at].blocks.resize(users.size());
  }
  const auto frame = static_cast<std::int64_t>(nr::slots_per_frame(result.carrier.scs_hz));
  const int first = grants.slots.front().slot - place.front();
  result.first_slot = static_cast<int>((first % frame + frame) % frame);
  find_blocks(grants, cycle, result);
  int number = 0;
  for (const std::vector<int>& chain : slot_chains(grants.slots)) {
    const auto& users = grants.slots[static_cast<std::size_t>(chain.front())].grants;
    const bool combines = std::ranges::any_of(
        users, [](const nr::PuschGrant& grant) { return !grant.harq_process.empty() || !grant.new_data; });
    if (!combines) continue;
    for (const int slot : chain)
      result.slots[static_cast<std::size_t>(place[static_cast<std::size_t>(slot)])].chain = number;
    ++number;
  }
  return result;
}

void enter_round(CycleSlot& slot, std::uint64_t round, std::uint64_t blocks_a_round) noexcept {
  for (std::size_t ue = 0; ue < slot.blocks.size(); ++ue)
    slot.plan.ues[ue].block = slot.blocks[ue].block + round * blocks_a_round;
}

}  // namespace pado::station
