// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <numbers>

#include "kernels/wiener_table.h"
#include "tests/reference/complex.h"

namespace pado::reference {

/// Frequency correlation of the assumed delay profile, kernels/wiener_table.h.
inline double profile_correlation(double frequency_hz) {
  const double x = 2 * std::numbers::pi * frequency_hz * static_cast<double>(wiener::kDelaySpread_s);
  return (std::cos(x) + x * std::sin(x)) / (1 + x * x);
}

struct WienerFilter {
  Matrix taps{0, 0};            // subcarrier of the window x pilot
  std::vector<double> error;    // by PRB of the window
  std::vector<double> freedom;  // by PRB of the window
};

/// w_m = r_m (A + q I)^-1 by a dense inverse.
inline WienerFilter wiener_filter(int ports, int comb, double snr_db, int window_prbs, double scs_hz) {
  const auto pilots = static_cast<std::size_t>(6 * window_prbs);
  Matrix a(pilots, pilots), r(2 * pilots, pilots);
  for (int i = 0; i < 6 * window_prbs; ++i)
    for (int j = 0; j < 6 * window_prbs; ++j)
      a(i, j) = profile_correlation(2 * (i - j) * scs_hz) * (ports == 1 ? 1 : 1 + ((i - j) % 2 == 0 ? 1 : -1)) +
                (i == j ? std::pow(10, -snr_db / 10) : 0);
  for (int m = 0; m < 12 * window_prbs; ++m)
    for (int j = 0; j < 6 * window_prbs; ++j) r(m, j) = profile_correlation((m - 2 * j - comb) * scs_hz);
  WienerFilter f{.taps = r * inverse(a), .error = {}, .freedom = {}};
  for (int prb = 0; prb < window_prbs; ++prb) {
    double error = 0, own = 0;
    for (int m = 12 * prb; m < 12 * prb + 12; ++m) {
      double explained = 0;
      for (std::size_t j = 0; j < pilots; ++j) explained += (f.taps(m, j) * r(m, j)).real();
      error += (1 - explained) / 12;
      if (m % 2 == comb) own += f.taps(m, m / 2).real() * ports / 6;
    }
    f.error.push_back(error);
    f.freedom.push_back(1 - own);
  }
  return f;
}

}  // namespace pado::reference
