// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// A thread takes a pilot of a set and antenna in all DM-RS symbols, so that their products need no second pass. Sums
// go by warp, block and one last small kernel: always in the same order, unlike atomics.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

struct Pilot {  // of this thread
  int j, set, antenna;
};

__device__ inline Pilot this_pilot() {
  return {static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x), static_cast<int>(blockIdx.y),
          static_cast<int>(blockIdx.z)};
}

dim3 pilot_grid(const ChannelCall& call) {
  return dim3(static_cast<unsigned>(call.blocks()), static_cast<unsigned>(call.sets.count),
              static_cast<unsigned>(call.shape.antennas));
}

// Where this block's sums go.
__device__ inline int partial_index(const ChannelCall& call) {
  return (static_cast<int>(blockIdx.y) * call.shape.antennas + static_cast<int>(blockIdx.z)) * call.blocks() +
         static_cast<int>(blockIdx.x);
}

// Step 1 at one place: received times the conjugate of the sequence, over the pilot's amplitude.
__device__ inline cf32 least_squares(const ChannelCall& call, const Pilot& at, int symbol, int j) {
  const DmrsShape& shape = call.shape;
  const PilotSet& set = call.sets.set[at.set];
  const std::uint32_t bits = call.args.pilots[symbol * pilot_words(shape.type, shape.prbs) + j / 16] >> (2 * (j % 16));
  float size = 0.70710678F / shape.amplitude;
  if (set.alternating && j % 2 != 0) size = -size;
  if (set.second_minus && shape.second[symbol]) size = -size;
  const cf32 conjugate{(bits & 1) != 0 ? -size : size, (bits & 2) != 0 ? size : -size};
  const auto row = static_cast<std::size_t>(at.antenna * kSymbolsPerSlot + shape.dmrs_symbol[symbol]);
  return call.args
             .grid[row * shape.grid_stride + shape.first_subcarrier + pilot_subcarrier(shape.type, set.cdm_group, j)] *
         conjugate;
}

// z: of one symbol, or of the pair that has become one; the minus of its second symbol is in the sequence.
__device__ inline cf32 pilot_at(const ChannelCall& call, const Pilot& at, int s, int j) {
  if (!call.sets.spread) return least_squares(call, at, s, j);
  return 0.5F * (least_squares(call, at, 2 * s, j) + least_squares(call, at, 2 * s + 1, j));
}

// What this user's port sends where two users share the pilots: at even ones.
__device__ inline cf32 own_pilot_at(const ChannelCall& call, const Pilot& at, int s, int j, cf32 z) {
  if (!call.sets.set[at.set].shared) return z;
  if (j % 2 != 0) return {};
  const float sign = call.sets.set[at.set].own_alternates ? -1.0F : 1.0F;
  return 0.70710678F * (z + sign * pilot_at(call, at, s, j + 1));
}

__global__ void __launch_bounds__(kPilotThreads) take_pilots(const __grid_constant__ ChannelCall call) {
  const Pilot at = this_pilot();
  const int symbols = call.symbols();
  float sums[kPilotSums] = {};
  cf32 own[kMaxDmrsSymbols] = {};
  if (at.j < call.pilot_count()) {
#pragma unroll
    for (int s = 0; s < kMaxDmrsSymbols; ++s) {
      if (s >= symbols) continue;
      const cf32 z = pilot_at(call, at, s, at.j);
      call.pilot_row(at.set, at.antenna, s)[at.j] = z;
      own[s] = own_pilot_at(call, at, s, at.j, z);
      sums[0] += norm(z);
      sums[3] += norm(own[s]);
      if (at.j + 2 < call.pilot_count()) {
        const cf32 ahead = own_pilot_at(call, at, s, at.j + 2, pilot_at(call, at, s, at.j + 2));
        const cf32 product = ahead * conj(own[s]);
        sums[1] += product.re;
        sums[2] += product.im;
      }
#pragma unroll
      for (int r = 0; r < s; ++r) {
        const cf32 product = own[s] * conj(own[r]);
        sums[kFirstPairSum + s * (s - 1) + 2 * r] = product.re;
        sums[kFirstPairSum + 1 + s * (s - 1) + 2 * r] = product.im;
      }
    }
  }
  const float sum = sum_of_block<kPilotThreads>(sums);
  if (threadIdx.x < kPilotSums) call.partial[partial_index(call) * kPilotSums + threadIdx.x] = sum;
}

// One block: a thread a sum; then the first decides whether there is anything, and the delay of step 2.
__global__ void __launch_bounds__(kPilotThreads) measure_delay(const __grid_constant__ ChannelCall call) {
  ChannelState& state = *call.state;
  const int thread = static_cast<int>(threadIdx.x), rows = call.sets.count * call.shape.antennas;
  for (int i = thread; i < rows * kPilotSums; i += kPilotThreads) {
    const int row = i / kPilotSums, which = i % kPilotSums;
    float sum = 0;
    for (int block = 0; block < call.blocks(); ++block) {
      sum += call.partial[(row * call.blocks() + block) * kPilotSums + which];
    }
    state.sums[row / call.shape.antennas][row % call.shape.antennas][which] = sum;
  }
  __syncthreads();
  if (thread != 0) return;
  float energy = 0;
  cf32 lag2{};
  for (int c = 0; c < call.sets.count; ++c) {
    for (int a = 0; a < call.shape.antennas; ++a) {
      energy += state.sums[c][a][0];
      lag2 = lag2 + cf32{state.sums[c][a][1], state.sums[c][a][2]};
    }
  }
  state.usable = energy > 0 && energy < 1e30F ? 1 : 0;  // false for a NaN
  state.cycles =
      -atan2f(lag2.im, lag2.re) / (channel_time::kTwoPi * static_cast<float>(pilot_subcarrier(call.shape.type, 0, 2)));
  state.delay_s = state.cycles / call.shape.scs_hz;
}

// Step 3: differences that a smooth channel does not survive. A delay's turn from pilot to pilot is the same
// everywhere.
__global__ void __launch_bounds__(kPilotThreads) measure_noise(const __grid_constant__ ChannelCall call) {
  const Pilot at = this_pilot();
  const NoiseDifference& difference = call.sets.set[at.set].difference;
  float sum = 0;
  if (at.j < difference.places && call.state->usable != 0) {
    cf32 differences[kMaxDmrsSymbols] = {};
    for (int i = 0; i < difference.taps; ++i) {
      const int offset = difference.offset[i];
      const cf32 turn =
          difference.weight[i] * phase_at(call.state->cycles, pilot_subcarrier(call.shape.type, 0, offset));
#pragma unroll
      for (int s = 0; s < kMaxDmrsSymbols; ++s) {
        if (s >= call.symbols()) continue;
        const cf32 z = call.pilot_row(at.set, at.antenna, s)[difference.step * at.j + offset];
        differences[s] = differences[s] + turn * z;
      }
    }
#pragma unroll
    for (int s = 0; s < kMaxDmrsSymbols; ++s) sum += norm(differences[s]);
    sum /= difference.energy * static_cast<float>(difference.places * call.symbols());
  }
  sum = sum_of_block<kPilotThreads, 1>({sum});
  if (threadIdx.x == 0) call.noise[partial_index(call)] = sum;
}

// Steps 4 (turn) and 6: the delay and CFO taken out, the branches; what no branch covers stays in the pilots' place.
__global__ void __launch_bounds__(kPilotThreads) combine_symbols(const __grid_constant__ ChannelCall call) {
  const Pilot at = this_pilot();
  const ChannelState& state = *call.state;
  if (at.j >= call.pilot_count() || state.usable == 0) return;
  const cf32 undelayed =
      phase_at(state.cycles, pilot_subcarrier(call.shape.type, call.sets.set[at.set].cdm_group, at.j));
  cf32 z[kMaxDmrsSymbols], y[kMaxBranches] = {};
#pragma unroll
  for (int s = 0; s < kMaxDmrsSymbols; ++s) {
    if (s >= call.symbols()) continue;
    const float turns = state.cfo_hz * call.instants.at_s[s];
    z[s] = call.pilot_row(at.set, at.antenna, s)[at.j] * (undelayed * phase_at(-turns, 1));
#pragma unroll
    for (int b = 0; b < kMaxBranches; ++b) y[b] = y[b] + state.branches.weight[b][s] * z[s];
  }
#pragma unroll
  for (int b = 0; b < kMaxBranches; ++b) {
    if (b < state.branches.count) call.branches[call.branch_row(at.set, at.antenna, b) + at.j] = y[b];
  }
  if (state.branches.count == call.symbols()) return;
#pragma unroll
  for (int s = 0; s < kMaxDmrsSymbols; ++s) {
    if (s >= call.symbols()) continue;
#pragma unroll
    for (int b = 0; b < kMaxBranches; ++b) {
      if (b < state.branches.count) z[s] = z[s] - state.branches.weight[b][s] * y[b];
    }
    call.pilot_row(at.set, at.antenna, s)[at.j] = z[s];
  }
}

}  // namespace

void measure_pilots(cudaStream_t stream, const ChannelCall& call) {
  launch<take_pilots>(pilot_grid(call), kPilotThreads, 0, stream, call);
  launch<measure_delay>(1, kPilotThreads, 0, stream, call);
  launch<measure_noise>(pilot_grid(call), kPilotThreads, 0, stream, call);
}

void form_branches(cudaStream_t stream, const ChannelCall& call) {
  launch<combine_symbols>(pilot_grid(call), kPilotThreads, 0, stream, call);
}

}  // namespace pado::PADO_CUDA_NAMESPACE
