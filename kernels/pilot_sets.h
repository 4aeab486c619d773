// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/channel_time.h"
#include "kernels/estimate_channel.h"

namespace pado {

inline constexpr int kMaxPilotSets = kMaxLayers;

/// A difference of pilots that a smooth channel does not survive: the sum over i of weight[i] z[j + offset[i]], whose
/// energy is `energy` times the noise's. Taken at `places` pilots j = 0, step, ...
struct NoiseDifference {
  int taps = 0;
  int offset[6] = {};
  float weight[6] = {};
  float energy = 1;
  int step = 1, places = 0;
};

/// Across pilots of equal sign and spacing the third difference, or what is left of it where there are too few. The
/// pairs of type 2 are not evenly spaced: with one port the second difference of the difference inside a pair.
inline NoiseDifference noise_difference(int type, int ports, int pilots) {
  NoiseDifference d;
  if (type == 2 && ports == 1) {
    d.step = 2;
    d = pilots >= 6 ? NoiseDifference{6, {0, 1, 2, 3, 4, 5}, {1, -1, -2, 2, 1, -1}, 12, 2, (pilots - 4) / 2}
                    : NoiseDifference{4, {0, 1, 2, 3}, {1, -1, -1, 1}, 4, 2, (pilots - 2) / 2};
    return d;
  }
  const int apart = type == 2 ? 2 : ports;
  if (pilots > 3 * apart) {
    d = {4, {0, apart, 2 * apart, 3 * apart}, {1, -3, 3, -1}, 20, 1, pilots - 3 * apart};
  } else if (pilots > 2 * apart) {
    d = {3, {0, apart, 2 * apart}, {1, -2, 1}, 6, 1, pilots - 2 * apart};
  } else {
    d = {2, {0, apart}, {1, -1}, 2, 1, pilots - apart};
  }
  return d;
}

/// Pilots that are estimated together: of one CDM group and, where both signs of a pair of symbols are on the air, of
/// one of these signs. One or two ports, which their signs from pilot to pilot tell apart.
struct PilotSet {
  int cdm_group = 0;
  int ports = 1;                // on the air, this user's or others'
  bool alternating = false;     // the only port's sign alternates: that is taken out with the sequence
  bool second_minus = false;    // so is a minus on the second symbol of a pair, ...
  bool shared = false;          // two ports, one of them another user's
  bool own_alternates = false;  // ... which of the two is this user's then
  NoiseDifference difference;
};

struct PilotSets {
  int count = 0;
  bool spread = false;  // ... or pairs of symbols become their sum and difference: both signs are on the air
  PilotSet set[kMaxPilotSets];
};

/// The sets of a user's ports, ascending.
inline PilotSets pilot_sets(const DmrsShape& shape) {
  const auto code = [](bool alternating, bool second_minus) {
    return static_cast<unsigned>(port_code(alternating, second_minus));
  };
  unsigned own[kMaxCdmGroups] = {}, all[kMaxCdmGroups] = {};
  for (int layer = 0; layer < shape.layers; ++layer) {
    const DmrsPort& port = shape.port[layer];
    own[port.cdm_group] |= code(port.alternating, port.second_minus);
  }
  PilotSets sets;
  for (int group = 0; group < kMaxCdmGroups; ++group) {
    all[group] = own[group] | shape.co_scheduled[group];
    if (own[group] != 0 && (all[group] & 3U) != 0 && (all[group] & 12U) != 0) sets.spread = true;
  }
  for (int group = 0; group < kMaxCdmGroups; ++group) {
    for (int minus = 0; minus < 2; ++minus) {
      const unsigned mine = own[group] >> (2 * minus) & 3U, on_air = all[group] >> (2 * minus) & 3U;
      if (mine == 0) continue;
      PilotSet& set = sets.set[sets.count++];
      set = {.cdm_group = group, .ports = on_air == 3 ? 2 : 1, .second_minus = minus == 1, .difference = {}};
      set.alternating = on_air == 2;
      set.shared = on_air == 3 && mine != 3;
      set.own_alternates = mine == 2;
      set.difference = noise_difference(shape.type, set.ports, pilots_per_prb(shape.type) * shape.prbs);
    }
  }
  return sets;
}

/// Whether a layer's channel is in the set, and which sum of the set's two: even pilots plus or minus odd ones.
PADO_HOST_DEVICE inline bool is_of_set(const PilotSets& sets, int index, const DmrsPort& port) {
  const PilotSet& set = sets.set[index];
  return port.cdm_group == set.cdm_group && port.second_minus == set.second_minus;
}
PADO_HOST_DEVICE inline bool is_difference(const PilotSet& set, const DmrsPort& port) {
  return port.alternating && set.ports == 2;
}

/// When the DM-RS are sent; pairs that are spread count as one symbol in the middle.
PADO_HOST_DEVICE inline channel_time::Instants pilot_instants(const DmrsShape& shape, const PilotSets& sets) {
  channel_time::Instants all(shape);
  if (!sets.spread) return all;
  channel_time::Instants pairs;
  pairs.count = all.count / 2;
  for (int i = 0; i < pairs.count; ++i) pairs.at_s[i] = 0.5F * (all.at_s[2 * i] + all.at_s[2 * i + 1]);
  return pairs;
}

}  // namespace pado
