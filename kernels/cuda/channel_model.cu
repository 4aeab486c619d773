// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The steps of channel estimation that are a few numbers a UE: one warp, whose first lane does what is one number after
// another and whose lanes share what is the same for each symbol or filter. The time is that of a launch.
#include "kernels/cuda/work.h"
#include "kernels/wiener_table.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

// Step 3: noise and port power from energies and differences, a lane an antenna.
__device__ inline void split_noise(const ChannelCall& call, int a) {
  ChannelState& state = *call.state;
  const int sets = call.sets.count;
  const float pilots = static_cast<float>(call.pilot_count() * call.symbols());
  float noise = 0, energy = 0;
  for (int c = 0; c < sets; ++c) {
    const int first = (c * call.shape.antennas + a) * call.blocks();
    for (int block = 0; block < call.blocks(); ++block) noise += call.noise[first + block] / static_cast<float>(sets);
    energy += state.sums[c][a][0] / (static_cast<float>(sets) * pilots);
  }
  state.noise[a] = fmaxf(fmaxf(noise, 1e-7F * energy), 1e-30F);
  for (int c = 0; c < sets; ++c) {
    const float mean = state.sums[c][a][0] / pilots;
    const auto ports = static_cast<float>(call.sets.set[c].ports);
    state.port_power[c][a] = fmaxf(mean - state.noise[a], fmaxf(1e-3F * mean, 1e-30F)) / ports;
    state.own_power[c][a] = ports * state.port_power[c][a];
    if (!call.sets.set[c].shared) continue;
    const float own = state.sums[c][a][3] / pilots;
    state.own_power[c][a] = fmaxf(own - 0.5F * state.noise[a], fmaxf(1e-3F * own, 1e-30F));
  }
}

// Steps 4 to 6.
__device__ inline void estimate_doppler(const ChannelCall& call) {
  ChannelState& state = *call.state;
  const DmrsShape& shape = call.shape;
  cf32 correlation[kMaxDmrsSymbols * kMaxDmrsSymbols] = {};
  float weighted = 0, power = 0, noise = 0;
  for (int c = 0; c < call.sets.count; ++c) {
    for (int a = 0; a < shape.antennas; ++a) {
      for (int s = 1; s < call.symbols(); ++s) {
        for (int r = 0; r < s; ++r) {
          const float* sum = &state.sums[c][a][kFirstPairSum + s * (s - 1) + 2 * r];
          cf32& all = correlation[s * kMaxDmrsSymbols + r];
          all = all + (1 / state.noise[a]) * cf32{sum[0], sum[1]};
        }
      }
      const float received = state.own_power[c][a];
      weighted += received / state.noise[a];
      power += received;
      noise += state.noise[a];
    }
  }
  state.cfo_hz = channel_time::estimate_cfo(call.instants, correlation);
  const cf32 widest = correlation[(call.symbols() - 1) * kMaxDmrsSymbols];
  const float rho = fminf(1, sqrtf(norm(widest)) / (static_cast<float>(call.pilot_count()) * weighted));
  state.doppler_hz = channel_time::estimate_doppler(
      call.instants, rho, power / noise, static_cast<float>(call.pilot_count() * shape.antennas * call.sets.count));
  state.branches = channel_time::make_branches(call.instants, state.doppler_hz);
}

__device__ inline cf32 time_gain(const ChannelCall& call, int branch, int symbol) {
  const ChannelState& state = *call.state;
  if (branch >= state.branches.count) return {};
  const float time_s = call.shape.symbol_time_s[symbol];
  const float gain = channel_time::branch_gain(call.instants, state.branches, branch, state.doppler_hz, time_s);
  return gain * phase_at(state.cfo_hz * time_s, 1);
}

__device__ inline void summarise(const ChannelCall& call, ChannelSummary& summary) {
  ChannelState& state = *call.state;
  const auto antennas = static_cast<float>(call.shape.antennas);
  summary.cfo_hz = state.cfo_hz;
  summary.doppler_hz = state.doppler_hz;
  summary.timing_offset_s = state.delay_s;
  summary.branches = state.branches.count;
  summary.usable = true;
  for (int a = 0; a < call.shape.antennas; ++a) {
    summary.noise[a] = call.data_noise() * state.noise[a];
    summary.noise_power += summary.noise[a] / antennas;
    for (int c = 0; c < call.sets.count; ++c) {
      summary.signal_power += state.own_power[c][a] / (antennas * static_cast<float>(call.shape.layers));
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
  for (int a = lane; a < call.shape.antennas; a += kWarpLanes) split_noise(call, a);
  __syncthreads();
  if (lane == 0) estimate_doppler(call);
  __syncthreads();
  const int branch = lane / kSymbolsPerSlot;
  if (branch < kMaxBranches) summary.time_gain[lane] = time_gain(call, branch, lane % kSymbolsPerSlot);
  for (int i = lane; i < call.sets.count * call.shape.antennas * kMaxBranches; i += kWarpLanes) {
    const int b = i % kMaxBranches, a = i / kMaxBranches % call.shape.antennas,
              c = i / kMaxBranches / call.shape.antennas;
    if (b >= state.branches.count) continue;
    const PilotSet& set = call.sets.set[c];
    const int step = wiener::snr_step(state.port_power[c][a] * state.branches.power[b] / state.noise[a]);
    state.filter[c][a][b] =
        wiener::filter_index(call.shape.type, set.ports, set.cdm_group, step, wiener::window_index(call.shape.prbs));
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
