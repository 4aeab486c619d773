// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/complex.h"

namespace pado::propagation {

/// White Gaussian noise as add_awgn makes it, some ten times faster and in single precision: another sequence, whose
/// samples stay below four and a half times the root mean square (one in 3e7 would not).
void add_fast_awgn(double noise_energy, std::uint64_t seed, std::uint64_t stream, std::span<cf32> samples);

}  // namespace pado::propagation
