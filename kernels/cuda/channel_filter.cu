// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Sixteen threads make the subcarriers of a PRB for one pilot set and branch, a block two PRBs with all sets and
// branches of an antenna: the pilots of the window come to shared memory once, and the taps of a pilot are 64 bytes
// side by side.
#include "kernels/cuda/work.h"
#include "kernels/wiener_table.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

constexpr int kRows = kMaxPilotSets * kMaxBranches;
constexpr int kPrbs = 2;  // of a block
constexpr int kMaxWindowPilots = 6 * 9;

struct Place {  // of this thread
  int lane, set, branch, prb, antenna;
};

// The two sums of step 7 at one subcarrier.
struct Ports {
  cf32 plus, minus;
};

__device__ inline Ports filter(const float* taps, const cf32* y, int pilots) {
  cf32 even{}, odd{};
  for (int j = 0; j < pilots; j += 2) {
    even = even + taps[j * wiener::kLanes] * y[j];
    odd = odd + taps[(j + 1) * wiener::kLanes] * y[j + 1];
  }
  return {even + odd, even - odd};
}

__device__ inline void store_channel(const ChannelCall& call, const Place& at, const Ports& h) {
  const DmrsShape& shape = call.shape;
  const int k = 12 * at.prb + at.lane;
  const cf32 delayed = phase_at(-call.state->cycles, k);
  for (int layer = 0; layer < shape.layers; ++layer) {
    if (!is_of_set(call.sets, at.set, shape.port[layer])) continue;
    const bool minus = is_difference(call.sets.set[at.set], shape.port[layer]);
    const int row = (at.antenna * shape.channel_layers + shape.first_layer + layer) * kMaxBranches + at.branch;
    call.args.channel[static_cast<std::size_t>(row) * shape.channel_stride + shape.channel_offset + k] =
        delayed * (minus ? h.minus : h.plus);
  }
}

// What the pilot of this subcarrier holds beyond the estimate of all ports on the air.
__device__ inline void store_residual(const ChannelCall& call, const Place& at, const Ports& h, int position) {
  const PilotSet& set = call.sets.set[at.set];
  const int type = call.shape.type, j = type == 2 ? 2 * (at.lane / 6) + at.lane % 2 : at.lane / 2;
  if (pilot_subcarrier(type, set.cdm_group, j) != at.lane) return;
  const cf32 minus = j % 2 == 0 ? h.minus : -1 * h.minus;
  const cf32 estimate = set.ports == 2 ? h.plus + minus : h.plus;
  const int filter = call.state->filter[at.set][at.antenna][at.branch];
  const float freedom = fmaxf(call.args.wiener.freedom[wiener::position_index(filter, position)], 0.1F);
  const std::size_t pilot = call.branch_row(at.set, at.antenna, at.branch) + pilots_per_prb(type) * at.prb + j;
  call.residuals[pilot] = rsqrtf(freedom) * (call.branches[pilot] - estimate);
}

__global__ void __launch_bounds__(wiener::kLanes* kRows* kPrbs, 4)
    filter_frequency(const __grid_constant__ ChannelCall call) {
  auto& window_pilots = block_shared<cf32[kPrbs][kRows][kMaxWindowPilots], struct WindowPilots>();
  const ChannelState& state = *call.state;
  if (state.usable == 0) return;
  const int row = static_cast<int>(threadIdx.y);
  const Place at{static_cast<int>(threadIdx.x), row / kMaxBranches, row % kMaxBranches,
                 static_cast<int>(blockIdx.x * kPrbs + threadIdx.z), static_cast<int>(blockIdx.y)};
  const bool active = at.prb < call.shape.prbs && at.branch < state.branches.count;
  const int window = wiener::window_index(call.shape.prbs), per_prb = pilots_per_prb(call.shape.type);
  const int pilots = per_prb * wiener::window_prbs(window);
  const int start = wiener::window_start(at.prb, call.shape.prbs, window), position = at.prb - start;
  cf32* y = window_pilots[threadIdx.z][row];
  if (active) {
    const cf32* from = call.branches.data + call.branch_row(at.set, at.antenna, at.branch) + per_prb * start;
    for (int j = at.lane; j < pilots; j += wiener::kLanes) y[j] = from[j];
  }
  __syncthreads();
  if (!active || at.lane >= 12) return;
  const int filter_index = state.filter[at.set][at.antenna][at.branch];
  const float* taps = call.args.wiener.taps.data + wiener::taps_offset(filter_index) +
                      static_cast<std::size_t>(position) * pilots * wiener::kLanes + at.lane;
  const Ports h = filter(taps, y, pilots);
  store_channel(call, at, h);
  store_residual(call, at, h, position);
}

}  // namespace

void filter_branches(cudaStream_t stream, const ChannelCall& call) {
  const dim3 grid(static_cast<unsigned>((call.shape.prbs + kPrbs - 1) / kPrbs),
                  static_cast<unsigned>(call.shape.antennas));
  launch<filter_frequency>(grid, dim3(wiener::kLanes, static_cast<unsigned>(call.sets.count * kMaxBranches), kPrbs), 0,
                           stream, call);
}

}  // namespace pado::PADO_CUDA_NAMESPACE
