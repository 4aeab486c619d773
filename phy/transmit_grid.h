// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/complex.h"
#include "phy/nr/grant.h"
#include "phy/nr/numerology.h"

namespace pado {

/// One slot of a carrier in frequency, [layer][symbol][subcarrier], as a transmitter makes it: a data element of a
/// layer has unit mean energy, unused elements are zero. Also the grid per antenna behind a channel.
struct TransmitGrid {
  int layers = 0;
  int subcarriers = 0;
  std::vector<cf32> elements;

  TransmitGrid() = default;
  TransmitGrid(int layer_count, const nr::Carrier& carrier)
      : layers(layer_count),
        subcarriers(nr::kSubcarriersPerPrb * carrier.carrier_prb),
        elements(layers * nr::kSymbolsPerSlot * subcarriers) {}

  [[nodiscard]] std::span<cf32> row(int layer, int symbol) {
    return std::span(elements).subspan(first(layer, symbol), width());
  }
  [[nodiscard]] std::span<const cf32> row(int layer, int symbol) const {
    return std::span(elements).subspan(first(layer, symbol), width());
  }
  [[nodiscard]] std::span<const cf32> layer(int index) const {
    return std::span(elements).subspan(first(index, 0), nr::kSymbolsPerSlot * width());
  }

 private:
  [[nodiscard]] std::size_t width() const { return subcarriers; }
  [[nodiscard]] std::size_t first(int layer, int symbol) const {
    return (layer * nr::kSymbolsPerSlot + symbol) * width();
  }
};

}  // namespace pado
