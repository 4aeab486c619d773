// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pado::cpu {

/// What one core of this machine does at most, measured with the widest vectors that the kernels use.
struct Ceilings {
  double byte_ops_per_ns = 0;     // minimum, maximum, saturated sum, exclusive or: one operation a byte
  double fma_gflops = 0;          // single precision, a fused multiply-add is two
  double cache_gbytes_per_s = 0;  // copying within the second cache: what is read and what is written
};

/// Takes some tens of milliseconds; the best of many rounds, so that other processes hardly matter.
Ceilings measure_ceilings();

}  // namespace pado::cpu
