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

/// What weights take notice of. mmse_irc: noise, interference and all layers. mmse: its directions are not used, see
/// DmrsShape. mrc: neither are other layers, which are noise then; for comparison.
enum class Combining : std::uint8_t { mmse_irc, mmse, mrc };

/// Layers on the same PRBs, whose channels lie in one array: a user's own and those of others.
struct JointLayers {
  int count = 0;                                         // rows of layers of the channel, at most kMaxJointLayers
  int first_own = 0;                                     // the user's own are `layers` rows from here on
  std::array<std::uint16_t, kMaxJointLayers> summary{};  // by layer: which summary holds its time gains
};

/// Whether a size has an instance that the compiler knows: up to 4 antennas and 2 layers, and nobody else on the PRBs.
constexpr bool has_instance(int antennas, int layers, const JointLayers& joint) {
  return antennas <= 4 && layers <= 2 && joint.count == layers;
}

struct WeightsShape {
  int antennas = 0, layers = 0;  // 1..64, and the user's own: 1..4
  bool separately = false;       // each layer as if it were alone (MRC)
  JointLayers joint;
  int groups = 0;          // 3 per PRB
  int channel_stride = 0;  // as in DmrsShape
  int covariance_stride = 0;
  int group_stride = 0;                          // elements from a row of the outputs to the next
  std::array<int, kHalves> centre_symbol{};      // whose time gains stand for the half
  std::array<std::uint16_t, kHalves> present{};  // bit l: layer l of all is sent in this half
};

/// Receive beamforming weights of a user's layers, MMSE-IRC, one set a group and half: its rows of
/// W = (HᴴR⁻¹H + I)⁻¹HᴴR⁻¹ over all layers that are sent there, layers of unit power (the channel carries their
/// amplitude). H is the mean of the group's two middle subcarriers. A layer whose channel is zero changes nothing.
template <class Backend>
struct WeightsArgs {
  View<Backend, const cf32>
      channel;  // in  [antenna][layer of all][branch][channel_stride], from the user's allocation on
  View<Backend, const cf32> covariance;         // in  [antenna][antenna of its block][covariance_stride], per PRB
  View<Backend, const ChannelSummary> summary;  // in  [summary]: time gains and branches
  View<Backend, cf32> weights;                  // out [half][layer][antenna][group_stride]
  View<Backend, float> sinr;                    // out [half][layer][group_stride], linear, after combining, unbiased
  View<Backend, GroupStatus> status;  // out [half][group_stride]; an unusable group gets zero weights and SINR,
                                      //     its neighbours are exact
};

}  // namespace pado
