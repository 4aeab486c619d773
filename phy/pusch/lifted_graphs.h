// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/ldpc_graph.h"

namespace pado::pusch {

/// The LDPC graph of base graph 1 or 2 for one of the 51 lifting sizes, TS 38.212, 5.3.2. Made at first use and kept
/// for the life of the program; safe from any thread. Throws Error for a size that the table does not have.
const LdpcGraph& lifted_graph(int base_graph, int lifting_size);

}  // namespace pado::pusch
