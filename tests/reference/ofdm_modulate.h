// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <numbers>
#include <vector>

// One OFDM symbol's continuous-time signal, TS 38.211, 5.3.1 with k0 = 0, at one instant, scaled by 1/sqrt(fft_size).
namespace pado::reference {

/// time: in samples from the start of the useful part.
inline std::complex<double> ofdm_symbol(const std::vector<std::complex<double>>& a, int fft_size, double time) {
  std::complex<double> sum = 0;
  const int n_grid_subcarriers = static_cast<int>(a.size());
  for (int k = 0; k < n_grid_subcarriers; ++k) {
    const double cycles = (k - n_grid_subcarriers / 2) * time / fft_size;
    sum += a[k] * std::polar(1.0, 2 * std::numbers::pi * cycles);
  }
  return sum / std::sqrt(static_cast<double>(fft_size));
}

}  // namespace pado::reference
