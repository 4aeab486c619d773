// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// A thread takes a pilot of a comb and antenna in all DM-RS symbols, so that their products need no second pass. Sums
// go by warp, block and one last small kernel: always in the same order, unlike atomics.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

struct Pilot {  // of this thread
  int j, comb_index, antenna;
};

__device__ inline Pilot this_pilot() {
  return {static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x), static_cast<int>(blockIdx.y),
          static_cast<int>(blockIdx.z)};
}

dim3 pilot_grid(const ChannelCall& call) {
  return dim3(static_cast<unsigned>(call.blocks()), static_cast<unsigned>(call.combs.count),
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
  const std::uint32_t bits = call.args.pilots[symbol * pilot_words(shape.prbs) + j / 16] >> (2 * (j % 16));
  float size = 0.70710678F / shape.amplitude;
  if (call.combs.alternating[at.comb_index] && j % 2 != 0) size = -size;
  const cf32 conjugate{(bits & 1) != 0 ? -size : size, (bits & 2) != 0 ? size : -size};
  const auto row = static_cast<std::size_t>(at.antenna * kSymbolsPerSlot + shape.dmrs_symbol[symbol]);
  return call.args.grid[row * shape.grid_stride + shape.first_subcarrier + 2 * j + call.combs.comb[at.comb_index]] *
         conjugate;
}

__global__ void __launch_bounds__(kPilotThreads) take_pilots(const __grid_constant__ ChannelCall call) {
  const Pilot at = this_pilot();
  const int symbols = call.shape.dmrs_symbols;
  float sums[kPilotSums] = {};
  cf32 z[kMaxDmrsSymbols] = {};
  if (at.j < call.pilot_count()) {
#pragma unroll
    for (int s = 0; s < kMaxDmrsSymbols; ++s) {
      if (s >= symbols) continue;
      z[s] = least_squares(call, at, s, at.j);
      call.pilot_row(at.comb_index, at.antenna, s)[at.j] = z[s];
      sums[0] += norm(z[s]);
      if (at.j + 2 < call.pilot_count()) {
        const cf32 product = least_squares(call, at, s, at.j + 2) * conj(z[s]);
        sums[1] += product.re;
        sums[2] += product.im;
      }
#pragma unroll
      for (int r = 0; r < s; ++r) {
        const cf32 product = z[s] * conj(z[r]);
        sums[3 + s * (s - 1) + 2 * r] = product.re;
        sums[4 + s * (s - 1) + 2 * r] = product.im;
      }
    }
  }
  const float sum = sum_of_block<kPilotThreads>(sums);
  if (threadIdx.x < kPilotSums) call.partial[partial_index(call) * kPilotSums + threadIdx.x] = sum;
}

// One block: a thread a sum; then the first decides whether there is anything, and the delay of step 2.
__global__ void __launch_bounds__(kPilotThreads) measure_delay(const __grid_constant__ ChannelCall call) {
  static_assert(kMaxCombs * kMaxEstimateAntennas * kPilotSums <= kPilotThreads);
  ChannelState& state = *call.state;
  const int thread = static_cast<int>(threadIdx.x);
  const int antenna = thread / kPilotSums % kMaxEstimateAntennas;
  const int comb_index = thread / kPilotSums / kMaxEstimateAntennas;
  if (comb_index < call.combs.count && antenna < call.shape.antennas) {
    const int first = (comb_index * call.shape.antennas + antenna) * call.blocks();
    float sum = 0;
    for (int block = 0; block < call.blocks(); ++block) {
      sum += call.partial[(first + block) * kPilotSums + thread % kPilotSums];
    }
    state.sums[comb_index][antenna][thread % kPilotSums] = sum;
  }
  __syncthreads();
  if (thread != 0) return;
  float energy = 0;
  cf32 lag2{};
  for (int c = 0; c < call.combs.count; ++c) {
    for (int a = 0; a < call.shape.antennas; ++a) {
      energy += state.sums[c][a][0];
      lag2 = lag2 + cf32{state.sums[c][a][1], state.sums[c][a][2]};
    }
  }
  state.usable = energy > 0 && energy < 1e30F ? 1 : 0;  // false for a NaN
  state.cycles = -atan2f(lag2.im, lag2.re) / (channel_time::kTwoPi * 4);
  state.delay_s = state.cycles / call.shape.scs_hz;
}

// Step 3: the third difference across pilots d apart; the second where there are too few. A delay's turn is the same
// from each pilot to the next, so it enters as powers of one number.
__global__ void __launch_bounds__(kPilotThreads) measure_noise(const __grid_constant__ ChannelCall call) {
  const Pilot at = this_pilot();
  const int step = call.combs.ports[at.comb_index];
  const bool third = call.pilot_count() > 3 * step;
  const int count = call.pilot_count() - (third ? 3 : 2) * step;
  float sum = 0;
  if (at.j < count && call.state->usable != 0) {
    const cf32 turn = phase_at(call.state->cycles, 2 * step), twice = turn * turn;
    for (int s = 0; s < call.shape.dmrs_symbols; ++s) {
      const cf32* z = call.pilot_row(at.comb_index, at.antenna, s) + at.j;
      const cf32 z0 = z[0], z1 = turn * z[step], z2 = twice * z[2 * step];
      if (third) {
        sum += norm(z0 - 3 * z1 + 3 * z2 - twice * turn * z[3 * step]) / 20;
      } else {
        sum += norm(z0 - 2 * z1 + z2) / 6;
      }
    }
    sum /= static_cast<float>(count * call.shape.dmrs_symbols);
  }
  sum = sum_of_block<kPilotThreads, 1>({sum});
  if (threadIdx.x == 0) call.noise[partial_index(call)] = sum;
}

// Steps 4 (turn) and 6: the delay and CFO taken out, the branches; what no branch covers stays in the pilots' place.
__global__ void __launch_bounds__(kPilotThreads) combine_symbols(const __grid_constant__ ChannelCall call) {
  const Pilot at = this_pilot();
  const ChannelState& state = *call.state;
  if (at.j >= call.pilot_count() || state.usable == 0) return;
  const cf32 undelayed = phase_at(state.cycles, 2 * at.j + call.combs.comb[at.comb_index]);
  cf32 z[kMaxDmrsSymbols], y[kMaxBranches] = {};
#pragma unroll
  for (int s = 0; s < kMaxDmrsSymbols; ++s) {
    if (s >= call.shape.dmrs_symbols) continue;
    const float turns = state.cfo_hz * call.shape.symbol_time_s[call.shape.dmrs_symbol[s]];
    z[s] = call.pilot_row(at.comb_index, at.antenna, s)[at.j] * (undelayed * phase_at(-turns, 1));
#pragma unroll
    for (int b = 0; b < kMaxBranches; ++b) y[b] = y[b] + state.branches.weight[b][s] * z[s];
  }
#pragma unroll
  for (int b = 0; b < kMaxBranches; ++b) {
    if (b < state.branches.count) call.branches[call.branch_row(at.comb_index, at.antenna, b) + at.j] = y[b];
  }
  if (state.branches.count == call.shape.dmrs_symbols) return;
#pragma unroll
  for (int s = 0; s < kMaxDmrsSymbols; ++s) {
    if (s >= call.shape.dmrs_symbols) continue;
#pragma unroll
    for (int b = 0; b < kMaxBranches; ++b) {
      if (b < state.branches.count) z[s] = z[s] - state.branches.weight[b][s] * y[b];
    }
    call.pilot_row(at.comb_index, at.antenna, s)[at.j] = z[s];
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
