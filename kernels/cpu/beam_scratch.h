// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "kernels/combine_and_demap.h"
#include "kernels/cpu/backend.h"
#include "kernels/receive_beamforming.h"

namespace pado::cpu {

inline constexpr int kMaxVectorFloats = 16;
inline constexpr int kAnySizeTiles = 4;  // of a block of combine_and_demap for any size

/// Memory of receive beamforming and combining for sizes without an instance of their own; in vectors of complex
/// numbers.
struct BeamScratch {
  explicit BeamScratch(const Limits& limits)
      : factor(vectors(limits.antennas * kCovarianceBlock)),
        channel(vectors(limits.antennas * limits.group_layers)),
        tiles(vectors(kAnySizeTiles * limits.layers * (limits.antennas + kMaxBranches * limits.group_layers + 1))) {}
  HostBuffer<float> factor;   // [antenna][antenna of its block]
  HostBuffer<float> channel;  // [antenna][layer of all]
  HostBuffer<float> tiles;    // of kAnySizeTiles tiles: weights, gains and leaks
 private:
  static std::size_t vectors(int count) { return static_cast<std::size_t>(2 * kMaxVectorFloats * count); }
};

void weigh_any_size(const WeightsShape&, const WeightsArgs<Backend>&, const BeamScratch&) noexcept;
void demap_any_size(const DemapShape&, const DemapArgs<Backend>&, const BeamScratch&) noexcept;

}  // namespace pado::cpu
