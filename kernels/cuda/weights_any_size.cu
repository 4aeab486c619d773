// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Receive beamforming for sizes without an instance of their own: many antennas, many layers, users on the same PRBs.
// One warp a PRB and half, its matrices in shared memory: the three groups share the covariance's factor, whose blocks
// of antennas a thread apiece makes; from there on threads share layers, groups and antennas.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

constexpr int kGroups = 12 / kGroupSubcarriers;  // of a PRB

// Layers that are sent in a half.
struct SentLayers {
  int count = 0, first_own = 0;
  int layer[kMaxJointLayers] = {};
};

struct BothHalves {
  SentLayers half[kHalves];
};

BothHalves sent_layers(const WeightsShape& shape) {
  BothHalves sent;
  for (int h = 0; h < kHalves; ++h) {
    SentLayers& of_half = sent.half[h];
    for (int l = 0; l < shape.joint.count; ++l) {
      if (l == shape.joint.first_own) of_half.first_own = of_half.count;
      if ((shape.present[h] >> l & 1) != 0) of_half.layer[of_half.count++] = l;
    }
  }
  return sent;
}

// What a warp works on, and its shared memory.
struct Matrices {
  const WeightsShape& shape;
  const WeightsArgs<Backend>& args;
  const SentLayers& sent;
  int half, prb, columns;
  cf32* factor;   // [antenna][antenna of its block]: of the covariance, lower triangle, diagonal inverted
  cf32* channel;  // [antenna][group][layer]: whitened, then R^-1 H
  cf32* gram;     // [group][layer][layer], lower triangle
  cf32* of_gram;  // [group][layer][layer]: factor of gram + I, diagonal inverted
  cf32* rows;     // [group][own layer][layer]: rows of (gram + I)^-1, conjugated
  float* sinr;    // [group][own layer]

  __device__ cf32& factor_at(int i, int j) const { return factor[i * columns + j % kCovarianceBlock]; }
  __device__ cf32& channel_at(int antenna, int group, int l) const {
    return channel[(antenna * kGroups + group) * sent.count + l];
  }
  __device__ cf32& gram_at(int group, int i, int j) const { return gram[(group * sent.count + i) * sent.count + j]; }
  __device__ cf32& of_gram_at(int group, int i, int j) const {
    return of_gram[(group * sent.count + i) * sent.count + j];
  }
  __device__ cf32& row_at(int group, int own, int l) const {
    return rows[(group * shape.layers + own) * sent.count + l];
  }
};

__device__ inline int block_end(const Matrices& m, int first) {
  return min(first + kCovarianceBlock, m.shape.antennas);
}

__device__ inline void factor_block(const Matrices& m, int first) {
  for (int i = first; i < block_end(m, first); ++i) {
    for (int j = first; j <= i; ++j) {
      const auto row = static_cast<std::size_t>(i * m.columns + j - first);
      cf32 sum = m.args.covariance[row * m.shape.covariance_stride + m.prb];
      for (int k = first; k < j; ++k) sum = sum - m.factor_at(i, k) * conj(m.factor_at(j, k));
      m.factor_at(i, j) = i == j ? cf32{rsqrtf(sum.re), 0} : m.factor_at(j, j).re * sum;
    }
  }
}

// The channel of a layer at a group's centre.
__device__ inline cf32 channel_of(const Matrices& m, int antenna, int layer, int group) {
  const ChannelSummary& summary = m.args.summary[m.shape.joint.summary[layer]];
  const int middle = kGroupSubcarriers * (kGroups * m.prb + group) + 1;
  cf32 h{};
  for (int b = 0; b < summary.branches; ++b) {
    const auto row = static_cast<std::size_t>((antenna * m.shape.joint.count + layer) * kMaxBranches + b);
    const cf32* at = m.args.channel.data + row * m.shape.channel_stride + middle;
    h = h + (0.5F * summary.time_gain[b * kSymbolsPerSlot + m.shape.centre_symbol[m.half]]) * (at[0] + at[1]);
  }
  return h;
}

__device__ inline void whiten_block(const Matrices& m, int first, int group, int l) {
  for (int a = first; a < block_end(m, first); ++a) {
    cf32 sum = channel_of(m, a, m.sent.layer[l], group);
    for (int k = first; k < a; ++k) sum = sum - m.factor_at(a, k) * m.channel_at(k, group, l);
    m.channel_at(a, group, l) = m.factor_at(a, a).re * sum;
  }
}

__device__ inline void unwhiten_block(const Matrices& m, int first, int group, int l) {
  const int end = block_end(m, first);
  for (int a = end - 1; a >= first; --a) {
    cf32 sum = m.channel_at(a, group, l);
    for (int k = a + 1; k < end; ++k) sum = sum - conj(m.factor_at(k, a)) * m.channel_at(k, group, l);
    m.channel_at(a, group, l) = m.factor_at(a, a).re * sum;
  }
}

__device__ inline void factor_gram(const Matrices& m, int group) {
  for (int i = 0; i < m.sent.count; ++i) {
    for (int j = 0; j <= i; ++j) {
      cf32 sum = m.gram_at(group, i, j);
      if (i == j) sum.re += 1;
      for (int k = 0; k < j; ++k) sum = sum - m.of_gram_at(group, i, k) * conj(m.of_gram_at(group, j, k));
      m.of_gram_at(group, i, j) = i == j ? cf32{rsqrtf(sum.re), 0} : m.of_gram_at(group, j, j).re * sum;
    }
  }
}

// x = (gram + I)^-1 e_l. With the gain g_l = [(gram + I)^-1 gram]_ll = s / (1 + s) and x_l = 1 / (1 + s), the SINR s is
// their quotient: exact for small ones and large ones.
__device__ inline void solve_row(const Matrices& m, int group, int own) {
  const int l = m.sent.first_own + own, count = m.sent.count;
  for (int i = 0; i < count; ++i) {
    cf32 sum{i == l ? 1.0F : 0.0F, 0};
    for (int k = l; k < i; ++k) sum = sum - m.of_gram_at(group, i, k) * m.row_at(group, own, k);
    m.row_at(group, own, i) = m.of_gram_at(group, i, i).re * sum;
  }
  for (int i = count - 1; i >= 0; --i) {
    cf32 sum = m.row_at(group, own, i);
    for (int k = i + 1; k < count; ++k) sum = sum - conj(m.of_gram_at(group, k, i)) * m.row_at(group, own, k);
    m.row_at(group, own, i) = m.of_gram_at(group, i, i).re * sum;
  }
  float gain = 0;
  for (int k = 0; k < count; ++k) {
    const cf32 x = m.row_at(group, own, k);
    const cf32 g = k >= l ? m.gram_at(group, k, l) : conj(m.gram_at(group, l, k));
    gain += x.re * g.re + x.im * g.im;
  }
  if (gain < 0) gain = 0;  // a NaN stays
  m.sinr[group * m.shape.layers + own] = gain / m.row_at(group, own, l).re;
}

__device__ inline bool is_good(const Matrices& m, int group) {
  bool good = true;
  for (int l = 0; l < m.shape.layers; ++l) {
    const float sinr = m.sinr[group * m.shape.layers + l];
    good = good && sinr >= 0 && sinr < 1e30F;  // false for a NaN
  }
  return good;
}

__device__ inline void store_weight(const Matrices& m, int group_of_prb, int own, int antenna) {
  const bool good = is_good(m, group_of_prb);
  cf32 sum{};
  for (int l = 0; l < m.sent.count; ++l) {
    sum = sum + m.row_at(group_of_prb, own, l) * m.channel_at(antenna, group_of_prb, l);
  }
  const int row = m.half * m.shape.layers + own, group = kGroups * m.prb + group_of_prb;
  m.args.weights[static_cast<std::size_t>(row * m.shape.antennas + antenna) * m.shape.group_stride + group] =
      good ? conj(sum) : cf32{};
  if (antenna > 0) return;
  m.args.sinr[static_cast<std::size_t>(row) * m.shape.group_stride + group] =
      good ? m.sinr[group_of_prb * m.shape.layers + own] : 0;
  if (own > 0) return;
  m.args.status[static_cast<std::size_t>(m.half) * m.shape.group_stride + group] =
      good ? GroupStatus::ok : GroupStatus::unusable;
}

// Complex numbers of shared memory for so many layers that are sent.
PADO_HOST_DEVICE constexpr int shared_numbers(const WeightsShape& shape, int count) {
  return shape.antennas * covariance_columns(shape.antennas) + kGroups * (shape.antennas * count + 2 * count * count) +
         kGroups * shape.layers * count + (kGroups * shape.layers + 1) / 2;
}

__global__ void __launch_bounds__(kWarpLanes)
    weigh_prb(const __grid_constant__ WeightsShape shape, const __grid_constant__ WeightsArgs<Backend> args,
              const __grid_constant__ BothHalves sent) {
  const int half = static_cast<int>(blockIdx.y), lane = static_cast<int>(threadIdx.x);
  const int count = sent.half[half].count, antennas = shape.antennas, columns = covariance_columns(antennas);
  cf32* memory = dynamic_shared<cf32>();
  cf32* channel = memory + antennas * columns;
  cf32* gram = channel + antennas * kGroups * count;
  cf32* of_gram = gram + kGroups * count * count;
  cf32* rows = of_gram + kGroups * count * count;
  auto* sinr = reinterpret_cast<float*>(rows + kGroups * shape.layers * count);
  const Matrices m{shape,   args,   sent.half[half], half, static_cast<int>(blockIdx.x),
                   columns, memory, channel,         gram, of_gram,
                   rows,    sinr};
  const int blocks = (antennas + kCovarianceBlock - 1) / kCovarianceBlock;
  for (int block = lane; block < blocks; block += kWarpLanes) factor_block(m, block * kCovarianceBlock);
  __syncthreads();
  for (int i = lane; i < blocks * kGroups * count; i += kWarpLanes) {
    whiten_block(m, i / (kGroups * count) * kCovarianceBlock, i / count % kGroups, i % count);
  }
  __syncthreads();
  for (int i = lane; i < kGroups * count * count; i += kWarpLanes) {
    const int group = i / (count * count), row = i / count % count, column = i % count;
    if (column > row) continue;
    cf32 sum{};
    for (int a = 0; a < antennas && (row == column || !shape.separately); ++a)
      sum = sum + conj(m.channel_at(a, group, row)) * m.channel_at(a, group, column);
    m.gram_at(group, row, column) = sum;
  }
  __syncthreads();
  if (lane < kGroups) factor_gram(m, lane);
  for (int i = lane; i < blocks * kGroups * count; i += kWarpLanes) {
    unwhiten_block(m, i / (kGroups * count) * kCovarianceBlock, i / count % kGroups, i % count);
  }
  __syncthreads();
  if (lane < kGroups * shape.layers) solve_row(m, lane / shape.layers, lane % shape.layers);
  __syncthreads();
  for (int i = lane; i < kGroups * shape.layers * antennas; i += kWarpLanes) {
    store_weight(m, i / (shape.layers * antennas), i / antennas % shape.layers, i % antennas);
  }
}

}  // namespace

void weigh_any_size(Work& work, const WeightsShape& shape, const WeightsArgs<Backend>& args) {
  const BothHalves sent = sent_layers(shape);
  const int most = sent.half[0].count > sent.half[1].count ? sent.half[0].count : sent.half[1].count;
  static_assert(kGroups * kMaxLayers <= kWarpLanes);
  const dim3 grid(static_cast<unsigned>(shape.groups / kGroups), kHalves);
  launch<weigh_prb>(grid, kWarpLanes, sizeof(cf32) * static_cast<std::size_t>(shared_numbers(shape, most)), work.stream,
                    shape, args, sent);
  work.check_launch("compute_receive_weights");
}

}  // namespace pado::PADO_CUDA_NAMESPACE
