// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/dmrs_map.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/gold_sequence.h"
#include "phy/nr/dmrs.h"

namespace pado::pusch {
namespace {

constexpr int kPilotsPerPrb = 6;  // of a comb

// Packed sequence bits of the allocation's pilots, two a pilot. The sequence starts at common resource block 0, so an
// allocation begins in its middle.
std::vector<std::uint32_t> pilot_bits(const nr::PuschGrant& grant, int symbol) {
  std::vector<std::uint32_t> words((2 * kPilotsPerPrb * grant.prb_count + 31) / 32);
  const auto seed = nr::dmrs_seed(grant.slot, symbol, grant.dmrs.n_id, grant.dmrs.n_scid);
  fill_gold_sequence(seed, 2 * kPilotsPerPrb * grant.prb_start, words);
  return words;
}

bool bit(const std::vector<std::uint32_t>& words, int index) { return (words[index / 32] >> (index % 32)) & 1; }

}  // namespace

void map_dmrs(const nr::PuschGrant& grant, TransmitGrid& grid) {
  const auto amplitude = static_cast<float>(std::pow(10.0, grant.dmrs.power_boost_db / 20) / std::sqrt(2.0));
  for (const int symbol : nr::dmrs_symbols(grant)) {
    const auto bits = pilot_bits(grant, symbol);
    for (int layer = 0; layer < grant.layers; ++layer) {
      const int port = grant.dmrs.ports[layer];
      const auto row = grid.row(layer, symbol).subspan(nr::kSubcarriersPerPrb * grant.prb_start);
      for (int m = 0; m < kPilotsPerPrb * grant.prb_count; ++m) {
        // a(k) with k = 4n + 2k' + delta, m = 2n + k'; w_f(k') alternates for ports 1 and 3, w_t(l') is 1 for ports
        // 0..3 (table 6.4.1.1.3-1).
        const float sign = nr::dmrs_alternates(port) && (m & 1) != 0 ? -amplitude : amplitude;
        const cf32 pilot{bit(bits, 2 * m) ? -sign : sign, bit(bits, 2 * m + 1) ? -sign : sign};
        row[2 * m + (nr::dmrs_comb(port))] = pilot;
      }
    }
  }
}

}  // namespace pado::pusch
