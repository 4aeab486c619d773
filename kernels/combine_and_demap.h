// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/receive_beamforming.h"
#include "kernels/view.h"

namespace pado {

inline constexpr float kLlrStepsPerNat = 6;  // int8 LLR = round(6 ln(p0/p1)), saturated to +-127

/// Which subcarriers of a symbol carry data.
enum class DataComb : std::uint8_t { none, all, even, odd };

struct DemapShape {
  int antennas = 0, layers = 0;
  int subcarriers = 0;  // of the allocation, 12 * prbs
  int first_subcarrier = 0;
  int grid_stride = 0, channel_stride = 0, group_stride = 0;
  int first_symbol = 0, symbols = 0;
  int second_half = 0;                           // first symbol that takes the second half's weights
  int bits_per_symbol = 0;                       // 2, 4, 6, 8
  std::array<DataComb, kSymbolsPerSlot> comb{};  // by symbol of the slot
  std::array<int, kSymbolsPerSlot> first_bit{};  // index of a symbol's first LLR
};

/// Quality of the combined symbols, in a backend's memory.
struct DemapMetrics {
  float evm_squared = 0;  // mean squared distance to the nearest constellation point, of unit mean symbol energy; an
                          // element that is not finite adds nothing
  float sinr = 0;         // mean over groups and layers, linear
};

/// Combining, max-log demapping and descrambling in one pass (TS 38.211, 6.3.1.1, 6.3.1.3, 5.1.3 to 5.1.6).
/// z = (W y)_l / g, g = sum over branches of time_gain * (W h)_l per element; LLR positive where the bit is 0. The same
/// sum for the other layer's h is what it leaks, which grows away from the place that W was made for: noise like any
/// other.
template <class Backend>
struct DemapArgs {
  View<Backend, const cf32> grid;               // in  [antenna][symbol][grid_stride]
  View<Backend, const cf32> channel;            // in  [antenna][layer][branch][channel_stride]
  View<Backend, const ChannelSummary> summary;  // in  [1]
  View<Backend, const cf32> weights;            // in  [half][layer][antenna][group_stride]
  View<Backend, const float> sinr;              // in  [half][layer][group_stride]
  View<Backend, const std::uint32_t>
      scrambling;                       // in  [word]: sequence bits, least significant first; one word of padding
  View<Backend, std::int8_t> llrs;      // out [data element][layer][bit], padded by 64
  View<Backend, DemapMetrics> metrics;  // out [1]
};

}  // namespace pado
