// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/ofdm_shape.h"

#include <cmath>
#include <numbers>

#include "phy/nr/numerology.h"

namespace pado {

OfdmModulateShape ofdm_modulate_shape(const nr::Carrier& carrier, int slot) {
  const int in_subframe = slot % nr::slots_per_subframe(carrier.scs_hz);
  const auto timing = nr::slot_timing(carrier.scs_hz, carrier.fft_size, in_subframe);
  OfdmModulateShape shape;
  shape.subcarriers = shape.grid_stride = nr::kSubcarriersPerPrb * carrier.carrier_prb;
  shape.symbol_start = timing.symbol_start;
  shape.prefix_samples = timing.prefix_samples;
  for (int symbol = 0; symbol < nr::kSymbolsPerSlot; ++symbol) {
    const double turn = 2 * std::numbers::pi *
                        nr::phase_compensation_cycles(carrier.phase_compensation_hz, carrier.scs_hz, carrier.fft_size,
                                                      in_subframe, symbol);
    shape.symbol_gain[symbol] = {static_cast<float>(std::cos(turn)), static_cast<float>(std::sin(turn))};
  }
  return shape;
}

}  // namespace pado
