// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/slot_chains.h"

#include <map>
#include <numeric>
#include <string>
#include <utility>

namespace pado::station {

std::vector<std::vector<int>> slot_chains(std::span<const stream::RecordedSlot> slots) {
  std::vector<int> root(slots.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int slot) {
    while (root[slot] != slot) slot = root[slot] = root[root[slot]];
    return slot;
  };
  std::map<std::pair<int, std::string>, int> first_use;
  for (int slot = 0; slot < static_cast<int>(root.size()); ++slot) {
    for (const nr::PuschGrant& grant : slots[slot].grants) {
      if (grant.harq_process.empty()) continue;
      const auto [entry, is_new] = first_use.try_emplace({grant.rnti, grant.harq_process}, slot);
      if (!is_new) root[find(slot)] = find(entry->second);
    }
  }
  std::map<int, std::vector<int>> chains;
  for (int slot = 0; slot < static_cast<int>(root.size()); ++slot) chains[find(slot)].push_back(slot);
  std::vector<std::vector<int>> result;
  for (auto& [key, chain] : chains) result.push_back(std::move(chain));
  return result;
}

}  // namespace pado::station
