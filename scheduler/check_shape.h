// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scheduler/cell_state.h"

namespace pado::scheduler {

/// Throws Error for a shape with a figure out of range.
void check_shape(const CellShape& shape);

}  // namespace pado::scheduler
