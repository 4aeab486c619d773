// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <utility>
#include <vector>

#include "tests/reference/gold_sequence.h"

// DM-RS of PUSCH without transform precoding, configuration type 1, as TS 38.211 prints it.
namespace pado::reference {

/// 6.4.1.1.1.1: r(n) of one symbol, counted from common resource block 0.
inline std::vector<std::complex<double>> dmrs_sequence(int slot, int symbol, int n_id, int n_scid, int length) {
  const std::uint64_t c_init =
      (((std::uint64_t{1} << 17) * (14 * slot + symbol + 1) * (2 * n_id + 1)) + (2 * n_id + n_scid)) %
      (std::uint64_t{1} << 31);
  const auto c = gold_sequence(c_init, 2 * length);
  std::vector<std::complex<double>> r;
  for (int n = 0; n < length; ++n) {
    r.emplace_back((1 - 2 * c[2 * n]) / std::sqrt(2.0), (1 - 2 * c[2 * n + 1]) / std::sqrt(2.0));
  }
  return r;
}

/// 6.4.1.1.3: subcarriers (from common resource block 0) and values of one port in one symbol, PRBs
/// first..first+count-1, for ports 0 to 3, table 6.4.1.1.3-1; beta is the amplitude.
inline std::vector<std::pair<int, std::complex<double>>> dmrs_elements(int port,
                                                                       const std::vector<std::complex<double>>& r,
                                                                       int first_prb, int prb_count, double beta) {
  const int delta = port < 2 ? 0 : 1;
  std::vector<std::pair<int, std::complex<double>>> elements;
  for (int n = 3 * first_prb; n < 3 * (first_prb + prb_count); ++n) {
    for (int k_prime = 0; k_prime < 2; ++k_prime) {
      const double w_f = k_prime == 1 && port % 2 == 1 ? -1 : 1;
      elements.emplace_back(4 * n + 2 * k_prime + delta, beta * w_f * r[2 * n + k_prime]);
    }
  }
  return elements;
}

}  // namespace pado::reference
