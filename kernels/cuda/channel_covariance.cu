// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// First a thread an element of a PRB's matrix, then a thread a PRB: smoothing looks at neighbours, and the eigenvalues
// of a small matrix are a chain of dependent steps, of which 273 side by side cost no more than one.
#include "kernels/cuda/work.h"
#include "kernels/interference.h"
#include "kernels/wiener_table.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

constexpr int kThreads = 64;

__device__ inline int covariance_row(const ChannelCall& call, int antenna, int column) {
  return antenna * covariance_columns(call.shape.antennas) + column;
}

// Step 8: sums over sets, pilots, branches and uncovered directions of d[a] conj d[b].
__global__ void __launch_bounds__(kThreads) correlate_residuals(const __grid_constant__ ChannelCall call) {
  const int prb = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int a = static_cast<int>(blockIdx.y), column = static_cast<int>(blockIdx.z);
  const int b = a / kCovarianceBlock * kCovarianceBlock + column;
  const ChannelState& state = *call.state;
  if (prb >= call.shape.prbs || b > a || state.usable == 0) return;
  const bool covered = state.branches.count == call.symbols();
  const int pilots = pilots_per_prb(call.shape.type);
  cf32 sum{};
  for (int c = 0; c < call.sets.count; ++c) {
    for (int branch = 0; branch < state.branches.count; ++branch) {
      const cf32* x = call.residuals.data + call.branch_row(c, a, branch) + pilots * prb;
      const cf32* y = call.residuals.data + call.branch_row(c, b, branch) + pilots * prb;
      for (int j = 0; j < pilots; ++j) sum = sum + x[j] * conj(y[j]);
    }
    for (int s = 0; s < call.symbols() && !covered; ++s) {
      const cf32* x = call.pilot_row(c, a, s) + pilots * prb;
      const cf32* y = call.pilot_row(c, b, s) + pilots * prb;
      for (int j = 0; j < pilots; ++j) sum = sum + x[j] * conj(y[j]);
    }
  }
  const float scale = 1 / static_cast<float>(pilots * call.sets.count * call.symbols());
  call.covariance[static_cast<std::size_t>(covariance_row(call, a, column)) * call.shape.prbs + prb] = scale * sum;
}

// 1-2-1 over the PRBs, 3-1 at the edges.
__device__ inline cf32 smoothed(const ChannelCall& call, int a, int column, int prb) {
  const cf32* row = call.covariance.data + static_cast<std::size_t>(covariance_row(call, a, column)) * call.shape.prbs;
  const cf32 before = row[prb > 0 ? prb - 1 : 0], after = row[prb + 1 < call.shape.prbs ? prb + 1 : prb];
  return 0.25F * before + 0.5F * row[prb] + 0.25F * after;
}

// Step 9: error of the channel estimate in an antenna's received power.
__device__ inline float estimate_error(const ChannelCall& call, int a, int position) {
  const ChannelState& state = *call.state;
  float error = 0;
  for (int b = 0; b < state.branches.count; ++b) {
    for (int c = 0; c < call.sets.count; ++c) {
      const float power = static_cast<float>(call.sets.set[c].ports) * state.port_power[c][a] * state.branches.power[b];
      error +=
          state.mean_gain[b] * power * call.args.wiener.error[wiener::position_index(state.filter[c][a][b], position)];
    }
  }
  return error;
}

// One block of antennas of a PRB; kSize: the most that the matrix holds.
template <int kSize>
__global__ void __launch_bounds__(kThreads, kSize <= 4 ? 8 : 4)
    condition_covariance(const __grid_constant__ ChannelCall call) {
  const int prb = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int first = static_cast<int>(blockIdx.y) * kCovarianceBlock, prbs = call.shape.prbs;
  const int count = min(kCovarianceBlock, call.shape.antennas - first);
  const ChannelState& state = *call.state;
  if (prb >= prbs || state.usable == 0) return;
  interference::MatrixOf<kSize> sample{};
#pragma unroll 1
  for (int a = 0; a < count && call.tells_directions(); ++a) {
#pragma unroll 1
    for (int b = 0; b <= a; ++b) {
      sample.at[a][b] = smoothed(call, first + a, b, prb);
      sample.at[b][a] = conj(sample.at[a][b]);
    }
    sample.at[a][a].im = 0;
  }
  const float samples = static_cast<float>(pilots_per_prb(call.shape.type) * call.sets.count * call.symbols()) *
                        fminf(static_cast<float>(prbs), 8.0F / 3.0F);
  const auto r = interference::condition(sample, state.noise + first, count, samples);
  const int position = prb - wiener::window_start(prb, prbs, wiener::window_index(prbs));
  float grow[kSize];
#pragma unroll 1
  for (int a = 0; a < count; ++a) {
    grow[a] = sqrtf(call.data_noise() + estimate_error(call, first + a, position) / state.noise[first + a]);
  }
#pragma unroll 1
  for (int a = 0; a < count; ++a) {
#pragma unroll 1
    for (int b = 0; b < count; ++b) {
      const auto row = static_cast<std::size_t>(covariance_row(call, first + a, b));
      call.args.covariance[row * call.shape.covariance_stride + prb] = (grow[a] * grow[b]) * r.at[a][b];
    }
  }
}

}  // namespace

void estimate_covariance(cudaStream_t stream, const ChannelCall& call) {
  const auto prb_blocks = static_cast<unsigned>((call.shape.prbs + kThreads - 1) / kThreads);
  const int antennas = call.shape.antennas;
  const auto columns = static_cast<unsigned>(covariance_columns(antennas));
  if (call.tells_directions()) {
    launch<correlate_residuals>(dim3(prb_blocks, static_cast<unsigned>(antennas), columns), kThreads, 0, stream, call);
  }
  if (antennas <= 4) {
    launch<condition_covariance<4>>(prb_blocks, kThreads, 0, stream, call);
  } else {
    const auto blocks = static_cast<unsigned>((antennas + kCovarianceBlock - 1) / kCovarianceBlock);
    launch<condition_covariance<kCovarianceBlock>>(dim3(prb_blocks, blocks), kThreads, 0, stream, call);
  }
}

}  // namespace pado::PADO_CUDA_NAMESPACE
