// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/tbs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "phy/nr/dmrs.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"

namespace pado::nr {
namespace {

// TS 38.214 V17.1.0, table 5.1.3.2-1: sizes for N_info <= 3824.
constexpr std::array<int, 93> kSmallSizes{24,   32,   40,   48,   56,   64,   72,   80,   88,   96,    // 1
                                          104,  112,  120,  128,  136,  144,  152,  160,  168,  176,   // 11
                                          184,  192,  208,  224,  240,  256,  272,  288,  304,  320,   // 21
                                          336,  352,  368,  384,  408,  432,  456,  480,  504,  528,   // 31
                                          552,  576,  608,  640,  672,  704,  736,  768,  808,  848,   // 41
                                          888,  928,  984,  1032, 1064, 1128, 1160, 1192, 1224, 1256,  // 51
                                          1288, 1320, 1352, 1416, 1480, 1544, 1608, 1672, 1736, 1800,  // 61
                                          1864, 1928, 2024, 2088, 2152, 2216, 2280, 2408, 2472, 2536,  // 71
                                          2600, 2664, 2728, 2792, 2856, 2976, 3104, 3240, 3368, 3496,  // 81
                                          3624, 3752, 3824};                                           // 91

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

int small_size(double n_info) {
  const int n = std::max(3, std::ilogb(n_info) - 6);
  const int quantised = std::max(24, static_cast<int>(n_info) >> n << n);
  return *std::lower_bound(kSmallSizes.begin(), kSmallSizes.end(), quantised);
}

int large_size(double n_info, double code_rate_x1024) {
  const double step = std::exp2(std::ilogb(n_info - 24) - 5);
  const auto quantised = std::max<std::int64_t>(3840, std::llround(step * std::floor((n_info - 24) / step + 0.5)));
  std::int64_t blocks = 1;
  if (code_rate_x1024 <= 256) {
    blocks = ceil_div(quantised + 24, 3816);
  } else if (quantised > 8424) {
    blocks = ceil_div(quantised + 24, 8424);
  }
  return static_cast<int>(8 * blocks * ceil_div(quantised + 24, 8 * blocks) - 24);
}

}  // namespace

int transport_block_size(int prb_count, int symbol_count, int dmrs_elements_per_prb, int x_overhead,
                         Modulation modulation, double code_rate_x1024, int layers) {
  const int elements_per_prb = kSubcarriersPerPrb * symbol_count - dmrs_elements_per_prb - x_overhead;
  const double elements = static_cast<double>(std::clamp(elements_per_prb, 0, 156)) * prb_count;
  const double n_info = elements * code_rate_x1024 * bits_per_symbol(modulation) * layers / 1024;
  if (!(n_info > 0)) return 0;
  return n_info <= 3824 ? small_size(n_info) : large_size(n_info, code_rate_x1024);
}

int transport_block_size(const PuschGrant& g) {
  return transport_block_size(g.prb_count, g.symbol_count, dmrs_elements_per_prb(g), g.x_overhead, g.modulation,
                              g.code_rate_x1024, g.layers);
}

int limited_buffer_tbs(int max_layers, Modulation max_modulation, int max_prb) {
  int prb = 273;
  for (const int width : {217, 162, 135, 107, 66, 32})  // table 5.4.2.1-1
    if (max_prb <= width) prb = width;
  return transport_block_size(prb, kSymbolsPerSlot, 12, 0, max_modulation, 948, std::min(max_layers, 4));
}

int base_graph(int tbs_bits, double code_rate_x1024) {
  const bool second = tbs_bits <= 292 || (tbs_bits <= 3824 && code_rate_x1024 <= 0.67 * 1024) || code_rate_x1024 <= 256;
  return second ? 2 : 1;
}

int base_graph(const PuschGrant& grant) {
  if (grant.base_graph != 0) return grant.base_graph;
  return base_graph(grant.tbs_bits != 0 ? grant.tbs_bits : transport_block_size(grant), grant.code_rate_x1024);
}

}  // namespace pado::nr
