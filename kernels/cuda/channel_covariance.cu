// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// First a thread an element of a PRB's matrix, then a thread a PRB: smoothing looks at neighbours, and the eigenvalues
// of a 4 x 4 matrix are a chain of dependent steps, of which 273 side by side cost no more than one.
#include "kernels/cuda/work.h"
#include "kernels/interference.h"
#include "kernels/wiener_table.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

constexpr int kThreads = 64;

// Step 8: sums over combs, pilots, branches and uncovered directions of d[a] conj d[b].
__global__ void __launch_bounds__(kThreads) correlate_residuals(const __grid_constant__ ChannelCall call) {
  const int prb = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int a = static_cast<int>(blockIdx.y), b = static_cast<int>(blockIdx.z);
  const ChannelState& state = *call.state;
  if (prb >= call.shape.prbs || b > a || state.usable == 0) return;
  const bool covered = state.branches.count == call.shape.dmrs_symbols;
  cf32 sum{};
  for (int c = 0; c < call.combs.count; ++c) {
    for (int branch = 0; branch < state.branches.count; ++branch) {
      const cf32* x = call.residuals.data + call.branch_row(c, a, branch) + 6 * prb;
      const cf32* y = call.residuals.data + call.branch_row(c, b, branch) + 6 * prb;
      for (int j = 0; j < 6; ++j) sum = sum + x[j] * conj(y[j]);
    }
    for (int s = 0; s < call.shape.dmrs_symbols && !covered; ++s) {
      const cf32* x = call.pilot_row(c, a, s) + 6 * prb;
      const cf32* y = call.pilot_row(c, b, s) + 6 * prb;
      for (int j = 0; j < 6; ++j) sum = sum + x[j] * conj(y[j]);
    }
  }
  const float scale = 1 / static_cast<float>(6 * call.combs.count * call.shape.dmrs_symbols);
  call.covariance[static_cast<std::size_t>(a * call.shape.antennas + b) * call.shape.prbs + prb] = scale * sum;
}

// 1-2-1 over the PRBs, 3-1 at the edges.
__device__ inline cf32 smoothed(const ChannelCall& call, int a, int b, int prb) {
  const cf32* row = call.covariance.data + static_cast<std::size_t>(a * call.shape.antennas + b) * call.shape.prbs;
  const cf32 before = row[prb > 0 ? prb - 1 : 0], after = row[prb + 1 < call.shape.prbs ? prb + 1 : prb];
  return 0.25F * before + 0.5F * row[prb] + 0.25F * after;
}

// Step 9: error of the channel estimate in an antenna's received power.
__device__ inline float estimate_error(const ChannelCall& call, int a, int position) {
  const ChannelState& state = *call.state;
  float error = 0;
  for (int b = 0; b < state.branches.count; ++b) {
    for (int c = 0; c < call.combs.count; ++c) {
      const float power = static_cast<float>(call.combs.ports[c]) * state.port_power[c][a] * state.branches.power[b];
      error +=
          state.mean_gain[b] * power * call.args.wiener.error[wiener::position_index(state.filter[c][a][b], position)];
    }
  }
  return error;
}

__global__ void __launch_bounds__(kThreads, 8) condition_covariance(const __grid_constant__ ChannelCall call) {
  const int prb = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int antennas = call.shape.antennas, prbs = call.shape.prbs;
  const ChannelState& state = *call.state;
  if (prb >= prbs || state.usable == 0) return;
  interference::Matrix sample{};
  for (int a = 0; a < antennas && antennas > 1; ++a) {  // one antenna cannot tell a direction
    for (int b = 0; b <= a; ++b) {
      sample.at[a][b] = smoothed(call, a, b, prb);
      sample.at[b][a] = conj(sample.at[a][b]);
    }
    sample.at[a][a].im = 0;
  }
  const float samples = 6.0F * static_cast<float>(call.combs.count * call.shape.dmrs_symbols) *
                        fminf(static_cast<float>(prbs), 8.0F / 3.0F);
  const interference::Matrix r = interference::condition(sample, state.noise, antennas, samples);
  const float pilot_energy = call.shape.amplitude * call.shape.amplitude;
  const int position = prb - wiener::window_start(prb, prbs, wiener::window_index(prbs));
  float grow[kMaxEstimateAntennas];
  for (int a = 0; a < antennas; ++a) grow[a] = sqrtf(pilot_energy + estimate_error(call, a, position) / state.noise[a]);
  for (int a = 0; a < antennas; ++a) {
    for (int b = 0; b < antennas; ++b) {
      call.args.covariance[static_cast<std::size_t>(a * antennas + b) * call.shape.covariance_stride + prb] =
          (grow[a] * grow[b]) * r.at[a][b];
    }
  }
}

}  // namespace

void estimate_covariance(cudaStream_t stream, const ChannelCall& call) {
  const auto blocks = static_cast<unsigned>((call.shape.prbs + kThreads - 1) / kThreads);
  const auto antennas = static_cast<unsigned>(call.shape.antennas);
  if (antennas > 1) launch<correlate_residuals>(dim3(blocks, antennas, antennas), kThreads, 0, stream, call);
  launch<condition_covariance>(blocks, kThreads, 0, stream, call);
}

}  // namespace pado::PADO_CUDA_NAMESPACE
