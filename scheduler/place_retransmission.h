// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scheduler/cell_state.h"

namespace pado::scheduler {

/// RBGs for a retransmission of the block: as many RBGs and PRBs as it had at first, in the place that leaves the
/// longest runs free; 0 where there is none.
RbgMask place_retransmission(const CellShape& shape, RbgMask free, const HarqProcess& block);

}  // namespace pado::scheduler
