// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <numbers>
#include <span>

#include "kernels/ofdm_demodulate.h"
#include "tests/reference/complex.h"

namespace pado::reference {

/// One element of the grid, kernels/ofdm_demodulate.h; x holds the samples of one antenna.
inline Complex ofdm_demodulate(const OfdmShape& shape, std::span<const Complex> x, int symbol, int subcarrier) {
  constexpr double kTwoPi = 2 * std::numbers::pi;
  const int start = shape.symbol_start[symbol];
  Complex sum = 0;
  for (int n = 0; n < shape.fft_size; ++n) {
    const double cfo_cycles = static_cast<double>(shape.cfo_cycles_per_sample) * (start + n);
    const double cycles = static_cast<double>(n) * (subcarrier - shape.subcarriers / 2) / shape.fft_size;
    sum += x[start + n] * std::polar(1.0, -kTwoPi * cfo_cycles) * std::polar(1.0, -kTwoPi * cycles);
  }
  return wide(shape.symbol_gain[symbol]) * sum;
}

}  // namespace pado::reference
