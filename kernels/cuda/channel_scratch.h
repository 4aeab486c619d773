// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/channel_time.h"
#include "kernels/cuda/backend.inc"
#include "kernels/cuda/device.h"
#include "kernels/pilot_sets.h"

namespace pado::PADO_CUDA_NAMESPACE {

inline constexpr int kMaxPairs = kMaxDmrsSymbols * (kMaxDmrsSymbols - 1) / 2;  // of DM-RS symbols
inline constexpr int kPilotThreads = 128;                                      // of a block; each takes one pilot
inline constexpr int kFirstPairSum = 4;  // behind energy, lag-2 product and the energy without other users' ports
inline constexpr int kPilotSums = kFirstPairSum + 2 * kMaxPairs;  // products of symbol pairs

/// What the steps of docs/channel_estimation.md have found; lies on the device, since the host never looks.
struct ChannelState {
  int usable = 0;
  float delay_s = 0;
  float cycles = 0;  // turn of the delay per subcarrier
  float sums[kMaxPilotSets][kMaxAntennas][kPilotSums] = {};
  float noise[kMaxAntennas] = {};
  float port_power[kMaxPilotSets][kMaxAntennas] = {};
  float own_power[kMaxPilotSets][kMaxAntennas] = {};  // of all of this user's ports
  float cfo_hz = 0, doppler_hz = 0;
  channel_time::Branches branches{};
  float mean_gain[kMaxBranches] = {};  // of a branch's power, over the allocation's symbols
  int filter[kMaxPilotSets][kMaxAntennas][kMaxBranches] = {};
};

/// Device memory of one call.
struct ChannelScratch {
  explicit ChannelScratch(const Limits& limits);
  DeviceBuffer<cf32> pilots;      // z, then the directions that no branch covers: [set][antenna][DM-RS symbol][pilot]
  DeviceBuffer<cf32> branches;    // y: [set][antenna][branch][pilot]
  DeviceBuffer<cf32> residuals;   // d: [set][antenna][branch][pilot], over the root of the filter's freedom
  DeviceBuffer<cf32> covariance;  // Q: [antenna][antenna of its block][PRB], lower triangle, before smoothing
  DeviceBuffer<float> partial;    // [set][antenna][block][sum]
  DeviceBuffer<float> noise;      // [set][antenna][block]
  DeviceBuffer<ChannelState> state;
};

/// What every kernel of the estimator is given.
struct ChannelCall {
  DmrsShape shape;
  PilotSets sets;
  channel_time::Instants instants;
  ChannelArgs<Backend> args;
  DeviceSpan<cf32> pilots, branches, residuals, covariance;
  DeviceSpan<float> partial, noise;
  ChannelState* state = nullptr;

  [[nodiscard]] PADO_HOST_DEVICE int pilot_count() const { return pilots_per_prb(shape.type) * shape.prbs; }
  [[nodiscard]] PADO_HOST_DEVICE int symbols() const { return instants.count; }  // pairs that are spread count as one
  [[nodiscard]] PADO_HOST_DEVICE bool tells_directions() const { return shape.antennas > 1 && !shape.powers_alone; }
  [[nodiscard]] PADO_HOST_DEVICE float data_noise() const {  // of a data element, over that of a pilot
    return shape.amplitude * shape.amplitude * (sets.spread ? 2.0F : 1.0F);
  }
  [[nodiscard]] PADO_HOST_DEVICE int blocks() const { return (pilot_count() + kPilotThreads - 1) / kPilotThreads; }
  [[nodiscard]] PADO_HOST_DEVICE cf32* pilot_row(int set, int antenna, int symbol) const {
    const int row = (set * shape.antennas + antenna) * kMaxDmrsSymbols + symbol;
    return pilots.data + static_cast<std::size_t>(row) * static_cast<std::size_t>(pilot_count());
  }
  /// Of branches and residuals.
  [[nodiscard]] PADO_HOST_DEVICE std::size_t branch_row(int set, int antenna, int branch) const {
    const int row = (set * shape.antennas + antenna) * kMaxBranches + branch;
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(pilot_count());
  }
};

void measure_pilots(cudaStream_t stream, const ChannelCall& call);   // steps 1 to 3: least squares, delay, noise
void model_time(cudaStream_t stream, const ChannelCall& call);       // steps 3 to 6: CFO, Doppler, branches, summary
void form_branches(cudaStream_t stream, const ChannelCall& call);    // the part of step 6 that is on pilots
void filter_branches(cudaStream_t stream, const ChannelCall& call);  // step 7, and the branches' residuals of step 8
void estimate_covariance(cudaStream_t stream, const ChannelCall& call);  // the rest of step 8, and step 9

}  // namespace pado::PADO_CUDA_NAMESPACE
