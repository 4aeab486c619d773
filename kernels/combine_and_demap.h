// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/receive_beamforming.h"
#include "kernels/view.h"

namespace pado {

inline constexpr float kLlrStepsPerNat = 6;  // int8 LLR = round(6 ln(p0/p1)), saturated to +-127

/// Which subcarriers of a symbol carry data; four and two are the last ones of each six, beside one or two CDM groups
/// of DM-RS configuration type 2.
enum class DataComb : std::uint8_t { none, all, even, odd, last_four, last_two };

PADO_HOST_DEVICE constexpr bool carries_data(DataComb comb, int k) {
  switch (comb) {
    case DataComb::none:
      return false;
    case DataComb::all:
      return true;
    case DataComb::even:
      return k % 2 == 0;
    case DataComb::odd:
      return k % 2 != 0;
    case DataComb::last_four:
      return k % 6 >= 2;
    case DataComb::last_two:
      return k % 6 >= 4;
  }
  return false;
}
/// Data elements on subcarriers 0 .. k - 1.
PADO_HOST_DEVICE constexpr int data_elements_before(DataComb comb, int k) {
  switch (comb) {
    case DataComb::none:
      return 0;
    case DataComb::all:
      return k;
    case DataComb::even:
      return (k + 1) / 2;
    case DataComb::odd:
      return k / 2;
    case DataComb::last_four:
      return 4 * (k / 6) + (k % 6 > 2 ? k % 6 - 2 : 0);
    case DataComb::last_two:
      return 2 * (k / 6) + (k % 6 > 4 ? k % 6 - 4 : 0);
  }
  return 0;
}
/// The subcarrier of a data element.
PADO_HOST_DEVICE constexpr int data_subcarrier(DataComb comb, int element) {
  switch (comb) {
    case DataComb::even:
      return 2 * element;
    case DataComb::odd:
      return 2 * element + 1;
    case DataComb::last_four:
      return 6 * (element / 4) + 2 + element % 4;
    case DataComb::last_two:
      return 6 * (element / 2) + 4 + element % 2;
    default:
      return element;
  }
}

struct DemapShape {
  int antennas = 0, layers = 0;  // 1..64, and the user's own: 1..4
  JointLayers joint;
  int subcarriers = 0;  // of the allocation, 12 * prbs
  int first_subcarrier = 0;
  int grid_stride = 0, channel_stride = 0, group_stride = 0;
  int first_symbol = 0, symbols = 0;
  int second_half = 0;                                   // first symbol that takes the second half's weights
  int bits_per_symbol = 0;                               // 2, 4, 6, 8
  std::array<DataComb, kSymbolsPerSlot> comb{};          // by symbol of the slot
  std::array<int, kSymbolsPerSlot> first_bit{};          // index of a symbol's first LLR
  std::array<std::uint16_t, kSymbolsPerSlot> present{};  // by symbol of the slot, bit l: layer l of all is sent
};

/// Quality of the combined symbols, in a backend's memory.
struct DemapMetrics {
  float evm_squared = 0;  // mean squared distance to the nearest constellation point, of unit mean symbol energy; an
                          // element that is not finite adds nothing
  float sinr = 0;         // mean over groups and layers, linear
  float saturated = 0;    // share of the LLRs that are +-127
};

/// Combining, max-log demapping and descrambling in one pass (TS 38.211, 6.3.1.1, 6.3.1.3, 5.1.3 to 5.1.6).
/// z = (W y)_l / g, g = sum over branches of time_gain * (W h)_l per element; LLR positive where the bit is 0. The same
/// sum for another layer's h is what it leaks, which grows away from the place that W was made for: noise like any
/// other.
template <class Backend>
struct DemapArgs {
  View<Backend, const cf32> grid;  // in  [antenna][symbol][grid_stride]
  View<Backend, const cf32>
      channel;  // in  [antenna][layer of all][branch][channel_stride], from the user's allocation on
  View<Backend, const ChannelSummary> summary;  // in  [summary]
  View<Backend, const cf32> weights;            // in  [half][layer][antenna][group_stride]
  View<Backend, const float> sinr;              // in  [half][layer][group_stride]
  View<Backend, const std::uint32_t>
      scrambling;                       // in  [word]: sequence bits, least significant first; one word of padding
  View<Backend, std::int8_t> llrs;      // out [data element][layer][bit], padded by 64
  View<Backend, DemapMetrics> metrics;  // out [1]
};

}  // namespace pado
