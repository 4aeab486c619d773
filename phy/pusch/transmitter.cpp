// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/transmitter.h"

#include <algorithm>

#include "phy/nr/dmrs.h"
#include "phy/nr/validate.h"
#include "phy/ofdm_shape.h"
#include "phy/pusch/dmrs_map.h"
#include "phy/pusch/encode.h"
#include "phy/pusch/modulate.h"

namespace pado::pusch {
namespace {

// TS 38.211, 6.3.1.6 and 6.3.1.7: over subcarriers first, then symbols. symbols: [data element][layer], the order of
// layer mapping (6.3.1.3).
void map_data(const nr::PuschGrant& grant, std::span<const cf32> symbols, TransmitGrid& grid) {
  const auto with_dmrs = nr::dmrs_symbols(grant);
  std::size_t next = 0;
  for (int symbol = grant.symbol_start; symbol < grant.symbol_start + grant.symbol_count; ++symbol) {
    const bool has_dmrs = std::ranges::find(with_dmrs, symbol) != with_dmrs.end();
    const DataComb comb =
        has_dmrs ? data_beside_dmrs(grant.dmrs.type, grant.dmrs.cdm_groups_without_data) : DataComb::all;
    for (int k = 0; k < nr::kSubcarriersPerPrb * grant.prb_count; ++k) {
      if (!carries_data(comb, k)) continue;
      const auto subcarrier = (nr::kSubcarriersPerPrb * grant.prb_start + k);
      for (int layer = 0; layer < grant.layers; ++layer) grid.row(layer, symbol)[subcarrier] = symbols[next++];
    }
  }
}

}  // namespace

TransmitGrid make_grid(const nr::PuschGrant& grant, const nr::Carrier& carrier, std::span<const std::uint8_t> payload) {
  nr::validate(grant, carrier);
  const auto bits = encode(grant, payload);
  std::vector<cf32> symbols(nr::data_elements(grant) * grant.layers);
  modulate(grant.modulation, bits, symbols);
  TransmitGrid grid(grant.layers, carrier);
  map_data(grant, symbols, grid);
  map_dmrs(grant, grid);
  return grid;
}

std::vector<cf32> make_samples(OfdmModulator& modulator, const TransmitGrid& grid, const nr::Carrier& carrier,
                               int slot) {
  const int in_subframe = slot % nr::slots_per_subframe(carrier.scs_hz);
  const auto count = (nr::slot_timing(carrier.scs_hz, carrier.fft_size, in_subframe).samples);
  const auto shape = ofdm_modulate_shape(carrier, slot);
  std::vector<cf32> samples(count * grid.layers);
  for (int layer = 0; layer < grid.layers; ++layer) {
    modulator.add_slot(shape, grid.layer(layer), 0, std::span(samples).subspan(layer * count, count));
  }
  return samples;
}

}  // namespace pado::pusch
