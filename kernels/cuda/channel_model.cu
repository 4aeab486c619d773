// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The steps of channel estimation that are a few numbers a UE: one warp, whose first lane does what is one number after
// another and whose lanes share what is the same for each symbol or filter. The time is that of a launch.
#include "kernels/cuda/work.h"
#include "kernels/wiener_table.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

// Step 3: noise and port power from energies and differences, one lane an antenna.
__device__ inline void split_noise(const ChannelCall& call, int a) {
  ChannelState& state = *call.state;
  const int combs = call.combs.count;
  const float pilots = static_cast<float>(call.pilot_count() * call.shape.dmrs_symbols);
  float noise = 0, energy = 0;
  for (int c = 0; c < combs; ++c) {
    const int first = (c * call.shape.antennas + a) * call.blocks();
    for (int block = 0; block < call.blocks(); ++block) noise += call.noise[first + block] / static_cast<float>(combs);
    energy += state.sums[c][a][0] / (static_cast<float>(combs) * pilots);
  }
  state.noise[a] = fmaxf(fmaxf(noise, 1e-7F * energy), 1e-30F);
  for (int c = 0; c < combs; ++c) {
    const float mean = state.sums[c][a][0] / pilots;
    state.port_power[c][a] =
        fmaxf(mean - state.noise[a], fmaxf(1e-3F * mean, 1e-30F)) / static_cast<float>(call.combs.ports[c]);
  }
}

// Steps 4 to 6.
__device__ inline void estimate_doppler(const ChannelCall& call) {
  ChannelState& state = *call.state;
  const DmrsShape& shape = call.shape;
  cf32 correlation[kMaxDmrsSymbols * kMaxDmrsSymbols] = {};
  float weighted = 0, power = 0, noise = 0;
  for (int c = 0; c < call.combs.count; ++c) {
    for (int a = 0; a < shape.antennas; ++a) {
      for (int s = 1; s < shape.dmrs_symbols; ++s) {
        for (int r = 0; r < s; ++r) {
          const float* sum = &state.sums[c][a][3 + s * (s - 1) + 2 * r];
          cf32& all = correlation[s * kMaxDmrsSymbols + r];
          all = all + (1 / state.noise[a]) * cf32{sum[0], sum[1]};
        }
      }
      const float received = static_cast<float>(call.combs.ports[c]) * state.port_power[c][a];
      weighted += received / state.noise[a];
      power += received;
      noise += state.noise[a];
    }
  }
  state.cfo_hz = channel_time::estimate_cfo(shape, correlation);
  const cf32 widest = correlation[(shape.dmrs_symbols - 1) * kMaxDmrsSymbols];
  const float rho = fminf(1, sqrtf(norm(widest)) / (static_cast<float>(call.pilot_count()) * weighted));
  state.doppler_hz = channel_time::estimate_doppler(
      shape, rho, power / noise, static_cast<float>(call.pilot_count() * shape.antennas * call.combs.count));
  state.branches = channel_time::make_branches(shape, state.doppler_hz);
}

__device__ inline cf32 time_gain(const ChannelCall& call, int branch, int symbol) {
  const ChannelState& state = *call.state;
  if (branch >= state.branches.count) return {};
  const float time_s = call.shape.symbol_time_s[symbol];
  const float gain = channel_time::branch_gain(call.shape, state.branches, branch, state.doppler_hz, time_s);
  return gain * phase_at(state.cfo_hz * time_s, 1);
}

__device__ inline void summarise(const ChannelCall& call, ChannelSummary& summary) {
  ChannelState& state = *call.state;
  const float pilot_energy = call.shape.amplitude * call.shape.amplitude;
  const auto antennas = static_cast<float>(call.shape.antennas);
  summary.cfo_hz = state.cfo_hz;
  summary.doppler_hz = state.doppler_hz;
  summary.timing_offset_s = state.delay_s;
  summary.branches = state.branches.count;
  summary.usable = true;
  for (int a = 0; a < call.shape.antennas; ++a) {
    summary.noise[a] = pilot_energy * state.noise[a];
    summary.noise_power += summary.noise[a] / antennas;
    for (int c = 0; c < call.combs.count; ++c) {
      summary.signal_power += state.port_power[c][a] / (antennas * static_cast<float>(call.combs.count));
    }
  }
  for (int b = 0; b < state.branches.count; ++b) {
    state.mean_gain[b] = 0;
    for (int l = call.shape.first_symbol; l < call.shape.first_symbol + call.shape.symbols; ++l) {
      state.mean_gain[b] += norm(summary.time_gain[b * kSymbolsPerSlot + l]) / static_cast<float>(call.shape.symbols);
    }
  }
}

__global__ void __launch_bounds__(kWarpLanes) decide_model(const __grid_constant__ ChannelCall call) {
  ChannelState& state = *call.state;
  ChannelSummary& summary = call.args.summary[0];
  const int lane = static_cast<int>(threadIdx.x);
  if (lane == 0) summary = ChannelSummary{};
  if (state.usable == 0) return;
  if (lane < call.shape.antennas) split_noise(call, lane);
  __syncthreads();
  if (lane == 0) estimate_doppler(call);
  __syncthreads();
  const int branch = lane / kSymbolsPerSlot;
  if (branch < kMaxBranches) summary.time_gain[lane] = time_gain(call, branch, lane % kSymbolsPerSlot);
  const int b = lane % kMaxBranches, a = lane / kMaxBranches % kMaxEstimateAntennas,
            c = lane / kMaxBranches / kMaxEstimateAntennas;
  if (c < call.combs.count && a < call.shape.antennas && b < state.branches.count) {
    const int step = wiener::snr_step(state.port_power[c][a] * state.branches.power[b] / state.noise[a]);
    state.filter[c][a][b] =
        wiener::filter_index(call.combs.ports[c], call.combs.comb[c], step, wiener::window_index(call.shape.prbs));
  }
  __syncthreads();
  if (lane == 0) summarise(call, summary);
}

}  // namespace

void model_time(cudaStream_t stream, const ChannelCall& call) {
  launch<decide_model>(1, kWarpLanes, 0, stream, call);
  form_branches(stream, call);
}

}  // namespace pado::PADO_CUDA_NAMESPACE
