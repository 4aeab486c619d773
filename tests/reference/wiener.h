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

/// Whose pilots a filter is for: configuration type, ports that share them, CDM group.
struct PilotPattern {
  int type, ports, cdm_group;
};

/// w_m = r_m (A + q I)^-1 by a dense inverse.
inline WienerFilter wiener_filter(const PilotPattern& pattern, double snr_db, int window_prbs, double scs_hz) {
  std::vector<int> at;  // subcarriers of the pilots, TS 38.211, 6.4.1.1.3
  for (int n = 0; n < (pattern.type == 2 ? 2 : 3) * window_prbs; ++n)
    for (int k_prime = 0; k_prime < 2; ++k_prime)
      at.push_back(pattern.type == 2 ? 6 * n + k_prime + 2 * pattern.cdm_group
                                     : 4 * n + 2 * k_prime + pattern.cdm_group);
  const std::size_t pilots = at.size();
  Matrix a(pilots, pilots), r(static_cast<std::size_t>(12 * window_prbs), pilots);
  for (std::size_t i = 0; i < pilots; ++i)
    for (std::size_t j = 0; j < pilots; ++j)
      a(i, j) = profile_correlation((at[i] - at[j]) * scs_hz) * (pattern.ports == 1 ? 1
                                                                 : (i + j) % 2 == 0 ? 2
                                                                                    : 0) +
                (i == j ? std::pow(10, -snr_db / 10) : 0);
  for (int m = 0; m < 12 * window_prbs; ++m)
    for (std::size_t j = 0; j < pilots; ++j) r(m, j) = profile_correlation((m - at[j]) * scs_hz);
  WienerFilter f{.taps = r * inverse(a), .error = {}, .freedom = {}};
  for (int prb = 0; prb < window_prbs; ++prb) {
    double error = 0, own = 0;
    for (int m = 12 * prb; m < 12 * prb + 12; ++m) {
      double explained = 0;
      for (std::size_t j = 0; j < pilots; ++j) {
        explained += (f.taps(m, j) * r(m, j)).real();
        if (at[j] == m) own += f.taps(m, j).real() * pattern.ports * window_prbs / static_cast<double>(pilots);
      }
      error += (1 - explained) / 12;
    }
    f.error.push_back(error);
    f.freedom.push_back(1 - own);
  }
  return f;
}

}  // namespace pado::reference
