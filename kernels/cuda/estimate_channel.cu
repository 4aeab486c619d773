// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The steps of docs/channel_estimation.md in their order, each a launch or two. Between them lie sums over the whole
// allocation, so a step ends where the next needs one; what is found stays on the device, and the host never waits.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

bool fits(const DmrsShape& shape, const Limits& limits) {
  return shape.antennas <= limits.antennas && shape.prbs <= limits.prbs && shape.layers <= kMaxLayers &&
         shape.dmrs_symbols <= kMaxDmrsSymbols;
}

}  // namespace

ChannelScratch::ChannelScratch(const Limits& limits)
    : pilots(std::size_t{kMaxPilotSets} * limits.antennas * kMaxDmrsSymbols * 6 * limits.prbs),
      branches(std::size_t{kMaxPilotSets} * limits.antennas * kMaxBranches * 6 * limits.prbs),
      residuals(branches.size()),
      covariance(std::size_t(limits.antennas) * covariance_columns(limits.antennas) * limits.prbs),
      partial(std::size_t{kMaxPilotSets} * limits.antennas * (6 * limits.prbs / kPilotThreads + 1) * kPilotSums),
      noise(std::size_t{kMaxPilotSets} * limits.antennas * (6 * limits.prbs / kPilotThreads + 1)),
      state(1) {}

void estimate_channel(Backend& on, const DmrsShape& shape, const ChannelArgs<Backend>& args) noexcept {
  Work& work = on.work();
  if (!fits(shape, on.limits())) return work.note_text("estimate_channel", "the backend was made for smaller slots");
  const ChannelScratch& scratch = work.channel;
  const PilotSets sets = pilot_sets(shape);
  const ChannelCall call{.shape = shape,
                         .sets = sets,
                         .instants = pilot_instants(shape, sets),
                         .args = args,
                         .pilots = scratch.pilots.view(),
                         .branches = scratch.branches.view(),
                         .residuals = scratch.residuals.view(),
                         .covariance = scratch.covariance.view(),
                         .partial = scratch.partial.view(),
                         .noise = scratch.noise.view(),
                         .state = scratch.state.view().data};
  // Zeros, which stay where nothing usable is received, and beside an allocation where users share rows.
  const auto clear = [&](void* data, std::size_t bytes) {
    work.note("estimate_channel", cudaMemsetAsync(data, 0, bytes, work.stream));
  };
  const auto row = static_cast<std::size_t>(kMaxBranches) * static_cast<std::size_t>(shape.channel_stride);
  for (int a = 0; a < shape.antennas; ++a) {
    const auto first = static_cast<std::size_t>(a * shape.channel_layers + shape.first_layer);
    clear(args.channel.data + first * row, static_cast<std::size_t>(shape.layers) * row * sizeof(cf32));
  }
  clear(args.covariance.data, args.covariance.size * sizeof(cf32));
  measure_pilots(work.stream, call);
  model_time(work.stream, call);
  filter_branches(work.stream, call);
  estimate_covariance(work.stream, call);
  work.check_launch("estimate_channel");
}

}  // namespace pado::PADO_CUDA_NAMESPACE
