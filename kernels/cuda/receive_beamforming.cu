// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// One thread a group and half: a matrix of at most 4 x 4 fits a thread's registers when its size is known to the
// compiler, and 2 x 819 threads need no barrier. Neighbouring groups lie side by side in all outputs.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

constexpr int kThreads = 64;  // small blocks: a slot has few groups for many multiprocessors

template <int A, int L>
__device__ inline void load_channel(const WeightsShape& shape, const WeightsArgs<Backend>& args, int half, int group,
                                    cf32 (&h)[A][L]) {
  const ChannelSummary& summary = args.summary[shape.joint.summary[0]];
  const cf32 mean_gain = 0.5F * summary.time_gain[shape.centre_symbol[half]];
  const cf32 slope_gain = 0.5F * summary.time_gain[kSymbolsPerSlot + shape.centre_symbol[half]];
  const int middle = kGroupSubcarriers * group + 1;
#pragma unroll
  for (int a = 0; a < A; ++a) {
#pragma unroll
    for (int l = 0; l < L; ++l) {
      const cf32* row =
          args.channel.data + static_cast<std::size_t>((a * L + l) * kMaxBranches) * shape.channel_stride + middle;
      h[a][l] = mean_gain * (row[0] + row[1]);
      if (summary.branches > 1) {
        h[a][l] = h[a][l] + slope_gain * (row[shape.channel_stride] + row[shape.channel_stride + 1]);
      }
    }
  }
}

// The covariance's lower triangle to the inverse of its Cholesky factor, in place. An unusable matrix gives infinities
// or NaN, which the caller silences.
template <int A>
__device__ inline void invert_factor(cf32 (&r)[A][A]) {
  float inverse[A] = {};
#pragma unroll
  for (int i = 0; i < A; ++i) {
#pragma unroll
    for (int j = 0; j <= i; ++j) {
      cf32 sum = r[i][j];
#pragma unroll
      for (int k = 0; k < j; ++k) sum = sum - r[i][k] * conj(r[j][k]);
      if (i == j) {
        inverse[i] = rsqrtf(sum.re);
      } else {
        r[i][j] = inverse[j] * sum;
      }
    }
  }
#pragma unroll
  for (int j = 0; j < A; ++j) {
#pragma unroll
    for (int i = j + 1; i < A; ++i) {
      cf32 sum = inverse[j] * r[i][j];
#pragma unroll
      for (int k = j + 1; k < i; ++k) sum = sum + r[i][k] * r[k][j];
      r[i][j] = -inverse[i] * sum;
    }
    r[j][j] = {inverse[j], 0};
  }
}

// From the whitened channel G = C^-1 H (R = C C^H): filtered = (G^H G + I)^-1 G^H, and the SINR of layer l is
// 1 / [(G^H G + I)^-1]_ll - 1.
template <int A, int L>
__device__ inline void filter_layers(const cf32 (&white)[A][L], cf32 (&filtered)[L][A], float (&sinr)[L]) {
  float power[L];
#pragma unroll
  for (int l = 0; l < L; ++l) {
    power[l] = 0;
#pragma unroll
    for (int a = 0; a < A; ++a) power[l] += norm(white[a][l]);
  }
  if constexpr (L == 1) {
    sinr[0] = power[0];
    const float inverse = 1 / (power[0] + 1);
#pragma unroll
    for (int a = 0; a < A; ++a) filtered[0][a] = inverse * conj(white[a][0]);
  } else {
    cf32 cross{};
#pragma unroll
    for (int a = 0; a < A; ++a) cross = cross + conj(white[a][0]) * white[a][1];
    const float p0 = power[0] + 1, p1 = power[1] + 1, coupling = norm(cross);
    const float inverse = 1 / (p0 * p1 - coupling);
    sinr[0] = power[0] - coupling / p1;
    sinr[1] = power[1] - coupling / p0;
#pragma unroll
    for (int a = 0; a < A; ++a) {
      const cf32 g0 = conj(white[a][0]), g1 = conj(white[a][1]);
      filtered[0][a] = inverse * (p1 * g0 - cross * g1);
      filtered[1][a] = inverse * (p0 * g1 - conj(cross) * g0);
    }
  }
}

template <int A, int L>
__global__ void __launch_bounds__(kThreads)
    weigh_groups(const __grid_constant__ WeightsShape shape, const __grid_constant__ WeightsArgs<Backend> args) {
  const int group = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x), half = static_cast<int>(blockIdx.y);
  if (group >= shape.groups) return;
  cf32 h[A][L], c[A][A], white[A][L], filtered[L][A];
  float sinr[L];
  load_channel<A, L>(shape, args, half, group, h);
#pragma unroll
  for (int i = 0; i < A; ++i) {
#pragma unroll
    for (int j = 0; j <= i; ++j) {
      c[i][j] = args.covariance[static_cast<std::size_t>(i * A + j) * shape.covariance_stride + group / 3];
    }
  }
  invert_factor<A>(c);
#pragma unroll
  for (int a = 0; a < A; ++a) {
#pragma unroll
    for (int l = 0; l < L; ++l) {
      white[a][l] = c[a][a].re * h[a][l];
#pragma unroll
      for (int k = 0; k < a; ++k) white[a][l] = white[a][l] + c[a][k] * h[k][l];
    }
  }
  filter_layers<A, L>(white, filtered, sinr);
  bool good = true;
#pragma unroll
  for (int l = 0; l < L; ++l) good = good && sinr[l] >= 0 && sinr[l] < 1e30F;  // false for a NaN
#pragma unroll
  for (int l = 0; l < L; ++l) {
    args.sinr[static_cast<std::size_t>(half * L + l) * shape.group_stride + group] = good ? sinr[l] : 0;
#pragma unroll
    for (int a = 0; a < A; ++a) {
      cf32 w = c[a][a].re * filtered[l][a];
#pragma unroll
      for (int k = a + 1; k < A; ++k) w = w + filtered[l][k] * c[k][a];
      args.weights[static_cast<std::size_t>((half * L + l) * A + a) * shape.group_stride + group] = good ? w : cf32{};
    }
  }
  args.status[static_cast<std::size_t>(half) * shape.group_stride + group] =
      good ? GroupStatus::ok : GroupStatus::unusable;
}

template <int A, int L>
void launch_weights(Work& work, const WeightsShape& shape, const WeightsArgs<Backend>& args) {
  const dim3 grid(static_cast<unsigned>((shape.groups + kThreads - 1) / kThreads), kHalves);
  launch<weigh_groups<A, L>>(grid, kThreads, 0, work.stream, shape, args);
  work.check_launch("compute_receive_weights");
}

}  // namespace

void compute_receive_weights(Backend& on, const WeightsShape& shape, const WeightsArgs<Backend>& args) noexcept {
  Work& work = on.work();
  if (shape.separately || !has_instance(shape.antennas, shape.layers, shape.joint)) {
    return weigh_any_size(work, shape, args);
  }
  switch (10 * shape.antennas + shape.layers) {
    case 11:
      return launch_weights<1, 1>(work, shape, args);
    case 21:
      return launch_weights<2, 1>(work, shape, args);
    case 22:
      return launch_weights<2, 2>(work, shape, args);
    case 31:
      return launch_weights<3, 1>(work, shape, args);
    case 32:
      return launch_weights<3, 2>(work, shape, args);
    case 41:
      return launch_weights<4, 1>(work, shape, args);
    case 42:
      return launch_weights<4, 2>(work, shape, args);
    default:
      return work.note_text("compute_receive_weights", "more layers than antennas");
  }
}

}  // namespace pado::PADO_CUDA_NAMESPACE
