// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The steps of docs/channel_estimation.md in their order, each a launch or two. Between them lie sums over the whole
// allocation, so a step ends where the next needs one; what is found stays on the device, and the host never waits.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

bool fits(const DmrsShape& shape, const Limits& limits) {
  return shape.antennas <= kMaxEstimateAntennas && shape.antennas <= limits.antennas && shape.prbs <= limits.prbs &&
         shape.layers <= kMaxEstimateLayers && shape.dmrs_symbols <= kMaxDmrsSymbols;
}

}  // namespace

ChannelScratch::ChannelScratch(const Limits& limits)
    : pilots(std::size_t{kMaxCombs} * limits.antennas * kMaxDmrsSymbols * 6 * limits.prbs),
      branches(std::size_t{kMaxCombs} * limits.antennas * kMaxBranches * 6 * limits.prbs),
      residuals(branches.size()),
      covariance(std::size_t(limits.antennas) * limits.antennas * limits.prbs),
      partial(std::size_t{kMaxCombs} * limits.antennas * (6 * limits.prbs / kPilotThreads + 1) * kPilotSums),
      noise(std::size_t{kMaxCombs} * limits.antennas * (6 * limits.prbs / kPilotThreads + 1)),
      state(1) {}

void estimate_channel(Backend& on, const DmrsShape& shape, const ChannelArgs<Backend>& args) noexcept {
  Work& work = on.work();
  if (!fits(shape, on.limits())) return work.note_text("estimate_channel", "the backend was made for smaller slots");
  const ChannelScratch& scratch = work.channel;
  const ChannelCall call{.shape = shape,
                         .combs = combs_of(shape),
                         .args = args,
                         .pilots = scratch.pilots.view(),
                         .branches = scratch.branches.view(),
                         .residuals = scratch.residuals.view(),
                         .covariance = scratch.covariance.view(),
                         .partial = scratch.partial.view(),
                         .noise = scratch.noise.view(),
                         .state = scratch.state.view().data};
  // Zeros, which stay where nothing usable is received.
  const auto clear = [&](void* data, std::size_t bytes) {
    work.note("estimate_channel", cudaMemsetAsync(data, 0, bytes, work.stream));
  };
  clear(args.channel.data, args.channel.size * sizeof(cf32));
  clear(args.covariance.data, args.covariance.size * sizeof(cf32));
  measure_pilots(work.stream, call);
  model_time(work.stream, call);
  filter_branches(work.stream, call);
  estimate_covariance(work.stream, call);
  work.check_launch("estimate_channel");
}

}  // namespace pado::PADO_CUDA_NAMESPACE
