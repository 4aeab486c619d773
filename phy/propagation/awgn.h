// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/complex.h"

namespace pado::propagation {

/// Adds white Gaussian noise of the given energy per sample, which is also its energy per resource element behind an
/// FFT scaled by 1/sqrt(fft_size). The same seed and stream (say, one an antenna and slot) give the same noise.
void add_awgn(double noise_energy, std::uint64_t seed, std::uint64_t stream, std::span<cf32> samples);

}  // namespace pado::propagation
