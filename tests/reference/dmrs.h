// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <utility>
#include <vector>

#include "tests/reference/gold_sequence.h"

// DM-RS of PUSCH without transform precoding as TS 38.211 prints it.
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

/// Tables 6.4.1.1.3-1 and -2: delta, w_f(1) and w_t(1) of a port; w_f(0) = w_t(0) = 1.
struct DmrsTableRow {
  int delta, w_f, w_t;
};
inline constexpr DmrsTableRow kDmrsType1[] = {{0, 1, 1},  {0, -1, 1},  {1, 1, 1},  {1, -1, 1},
                                              {0, 1, -1}, {0, -1, -1}, {1, 1, -1}, {1, -1, -1}};
inline constexpr DmrsTableRow kDmrsType2[] = {{0, 1, 1},  {0, -1, 1},  {2, 1, 1},  {2, -1, 1},
                                              {4, 1, 1},  {4, -1, 1},  {0, 1, -1}, {0, -1, -1},
                                              {2, 1, -1}, {2, -1, -1}, {4, 1, -1}, {4, -1, -1}};

/// 6.4.1.1.3: subcarriers (from common resource block 0) and values of one port in one symbol, PRBs
/// first..first+count-1; l_prime 1 is the second of two front-loaded symbols; beta is the amplitude.
inline std::vector<std::pair<int, std::complex<double>>> dmrs_elements(int type, int port, int l_prime,
                                                                       const std::vector<std::complex<double>>& r,
                                                                       int first_prb, int prb_count, double beta) {
  const DmrsTableRow row = type == 1 ? kDmrsType1[port] : kDmrsType2[port];
  const int step = type == 1 ? 4 : 6, per_prb = 12 / step;
  std::vector<std::pair<int, std::complex<double>>> elements;
  for (int n = per_prb * first_prb; n < per_prb * (first_prb + prb_count); ++n) {
    for (int k_prime = 0; k_prime < 2; ++k_prime) {
      const int k = step * n + (type == 1 ? 2 : 1) * k_prime + row.delta;
      const double w = (k_prime == 1 ? row.w_f : 1) * (l_prime == 1 ? row.w_t : 1);
      elements.emplace_back(k, beta * w * r[2 * n + k_prime]);
    }
  }
  return elements;
}

}  // namespace pado::reference
