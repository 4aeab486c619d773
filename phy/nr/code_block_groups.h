// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "phy/nr/grant.h"

namespace pado::nr {

/// Neighbouring code blocks.
struct BlockRun {
  int first = 0, count = 0;
  bool operator==(const BlockRun&) const = default;
};

/// Which of a transport block's code blocks the grant's transmission carries: all of them, or those of the groups that
/// its CBGTI names (TS 38.214, 6.1.5.1; the groups by 5.1.7.1). In ascending order, at least one run where the grant is
/// valid.
std::vector<BlockRun> sent_blocks(const PuschGrant& grant, int code_blocks);
int count_blocks(const std::vector<BlockRun>& runs);

}  // namespace pado::nr
