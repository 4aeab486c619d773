// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scheduler/cell_state.h"

namespace pado::scheduler {

/// Bits of a new block on so many PRBs, TS 38.214, 6.1.4.2. The steps of the block sizes may bring a small block at a
/// high MCS above the code rate of 0.95, which nobody has to decode (5.1.3): it gets the size of the next lower MCS
/// that stays below, with the modulation of its own. mcs: not a reserved one.
int block_size_bits(const CellShape& shape, int prbs, int mcs, int layers);

}  // namespace pado::scheduler
