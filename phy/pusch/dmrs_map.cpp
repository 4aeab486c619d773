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

// Packed sequence bits of a CDM group's pilots in the allocation, two a pilot. The sequence starts at common resource
// block 0, so an allocation begins in its middle.
std::vector<std::uint32_t> pilot_bits(const nr::PuschGrant& grant, int symbol) {
  const int bits_per_prb = 2 * nr::dmrs_elements_per_group(grant.dmrs.type);
  std::vector<std::uint32_t> words((bits_per_prb * grant.prb_count + 31) / 32);
  const auto seed = nr::dmrs_seed(grant.slot, symbol, grant.dmrs.n_id, grant.dmrs.n_scid);
  fill_gold_sequence(seed, bits_per_prb * grant.prb_start, words);
  return words;
}

bool bit(const std::vector<std::uint32_t>& words, int index) { return (words[index / 32] >> (index % 32)) & 1; }

}  // namespace

void map_dmrs(const nr::PuschGrant& grant, TransmitGrid& grid) {
  const auto amplitude = static_cast<float>(std::pow(10.0, grant.dmrs.power_boost_db / 20) / std::sqrt(2.0));
  const int type = grant.dmrs.type, pilots = nr::dmrs_elements_per_group(type) * grant.prb_count;
  const std::vector<int> symbols = nr::dmrs_symbols(grant);
  for (std::size_t s = 0; s < symbols.size(); ++s) {
    const auto bits = pilot_bits(grant, symbols[s]);
    const bool second = grant.dmrs.length == 2 && s % 2 == 1;  // l' = 1
    for (int layer = 0; layer < grant.layers; ++layer) {
      const nr::DmrsPortRow port = nr::dmrs_port(type, grant.dmrs.ports[layer]);
      const float w_t = second && port.second_minus ? -amplitude : amplitude;
      const auto row = grid.row(layer, symbols[s]).subspan(nr::kSubcarriersPerPrb * grant.prb_start);
      for (int j = 0; j < pilots; ++j) {  // r(2n + k') with j = 2n + k'
        const float w = port.alternating && (j & 1) != 0 ? -w_t : w_t;
        row[nr::dmrs_subcarrier(type, port.cdm_group, j)] = {bit(bits, 2 * j) ? -w : w, bit(bits, 2 * j + 1) ? -w : w};
      }
    }
  }
}

}  // namespace pado::pusch
