// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/code_block_groups.h"

#include <algorithm>

namespace pado::nr {

std::vector<BlockRun> sent_blocks(const PuschGrant& grant, int code_blocks) {
  if (grant.sent_groups.empty()) return {{0, code_blocks}};
  const int groups = std::min(static_cast<int>(grant.sent_groups.size()), code_blocks);
  const int larger = code_blocks % groups;
  std::vector<BlockRun> runs;
  int first = 0;
  for (int group = 0; group < groups; ++group) {
    const int count = code_blocks / groups + (group < larger ? 1 : 0);
    if (grant.sent_groups[static_cast<std::size_t>(group)]) {
      if (!runs.empty() && runs.back().first + runs.back().count == first) {
        runs.back().count += count;
      } else {
        runs.push_back({first, count});
      }
    }
    first += count;
  }
  return runs;
}

int count_blocks(const std::vector<BlockRun>& runs) {
  int count = 0;
  for (const BlockRun& run : runs) count += run.count;
  return count;
}

}  // namespace pado::nr
