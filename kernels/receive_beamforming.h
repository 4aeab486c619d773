// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/estimate_channel.h"
#include "kernels/view.h"

namespace pado {

inline constexpr int kGroupSubcarriers = 4;  // one set of weights serves 4 subcarriers ...
inline constexpr int kHalves = 2;            // ... of half an allocation's symbols

enum class GroupStatus : std::uint8_t { ok, unusable };

struct WeightsShape {
  int antennas = 0, layers = 0;  // 1..4, 1..2, layers <= antennas
  int groups = 0;                // 3 per PRB
  int channel_stride = 0;        // as in DmrsShape
  int covariance_stride = 0;
  int group_stride = 0;                      // elements from a row of the outputs to the next: groups rounded up to 16
  std::array<int, kHalves> centre_symbol{};  // whose time gains stand for the half
};

/// Receive beamforming weights, MMSE-IRC, one set a group and half: W = (HᴴR⁻¹H + I)⁻¹HᴴR⁻¹, layers of unit power
/// (the channel carries their amplitude). H is the mean of the group's two middle subcarriers.
template <class Backend>
struct WeightsArgs {
  View<Backend, const cf32> channel;            // in  [antenna][layer][branch][channel_stride]
  View<Backend, const cf32> covariance;         // in  [antenna][antenna][covariance_stride], per PRB
  View<Backend, const ChannelSummary> summary;  // in  [1]: time gains and branches
  View<Backend, cf32> weights;                  // out [half][layer][antenna][group_stride]
  View<Backend, float> sinr;                    // out [half][layer][group_stride], linear, after combining, unbiased
  View<Backend, GroupStatus> status;  // out [half][group_stride]; an unusable group gets zero weights and SINR,
                                      //     its neighbours are exact
};

}  // namespace pado
