// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// One thread a data element: combining needs no neighbour, and a symbol's elements give contiguous LLRs. Those are 2 to
// 16 bytes a thread, so a block collects them in shared memory and writes whole words, descrambled on the way: 4 LLRs
// meet 4 bits of one word of the sequence, since an element count divisible by 6 makes each symbol's first LLR one
// by 4.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

template <int kBits>
constexpr float half_distance() {  // of a constellation of unit mean energy, TS 38.211, 5.1
  return kBits == 2 ? 0.70710678F : kBits == 4 ? 0.31622777F : kBits == 6 ? 0.15430335F : 0.07669650F;
}

// Max-log LLRs of one axis, a PAM with levels +-1, +-3, ..., in units of the squared half distance. For |u| = t with
// nearest level q the first bit's is (t + 1)^2 - (t - q)^2; folding at the middle of the levels gives the next.
template <int kBits>
__device__ inline void demap_axis(float u, float (&llr)[kBits], float& error) {
  float v = u;
#pragma unroll
  for (int bit = 0; bit < kBits; ++bit) {
    const int bits_left = kBits - bit;
    const float t = fabsf(v);
    if (bits_left == 1) {
      llr[bit] = 4 * v;
      if (bit == 0) error = t - 1;
      continue;
    }
    const float levels = static_cast<float>(1 << (bits_left - 1));  // on one side
    const float q = 2 * fminf(floorf(0.5F * t), levels - 1) + 1;
    if (bit == 0) error = t - q;
    llr[bit] = copysignf((1 + q) * (2 * t + 1 - q), v);
    v = levels - t;
  }
}

// Rounds and saturates.
__device__ inline std::int8_t to_llr(float llr) {
  return static_cast<std::int8_t>(__float2int_rn(fmaxf(fminf(llr, 127.0F), -127.0F)));
}

struct Combined {
  cf32 z, gain;         // of one layer: (W y)_l and (W h)_l
  float inverse_noise;  // of z
};

template <int L>
__device__ inline Combined combine(const DemapShape& shape, const DemapArgs<Backend>& args, int symbol, int k, int l) {
  const ChannelSummary& summary = args.summary[shape.joint.summary[0]];
  const int half = symbol >= shape.second_half ? 1 : 0, group = k / kGroupSubcarriers;
  const int row = half * L + l;
  cf32 z{}, mean{}, slope{}, other_mean{}, other_slope{};
  for (int a = 0; a < shape.antennas; ++a) {
    const cf32 w = args.weights[static_cast<std::size_t>(row * shape.antennas + a) * shape.group_stride + group];
    z = z + w * args.grid[static_cast<std::size_t>(a * kSymbolsPerSlot + symbol) * shape.grid_stride +
                          shape.first_subcarrier + k];
    const std::size_t h = static_cast<std::size_t>((a * L + l) * kMaxBranches) * shape.channel_stride + k;
    mean = mean + w * args.channel[h];
    if (summary.branches > 1) slope = slope + w * args.channel[h + shape.channel_stride];
    if constexpr (L == 2) {
      const std::size_t other = static_cast<std::size_t>((a * L + 1 - l) * kMaxBranches) * shape.channel_stride + k;
      other_mean = other_mean + w * args.channel[other];
      if (summary.branches > 1) other_slope = other_slope + w * args.channel[other + shape.channel_stride];
    }
  }
  Combined out{z, summary.time_gain[symbol] * mean, 0};
  if (summary.branches > 1) out.gain = out.gain + summary.time_gain[kSymbolsPerSlot + symbol] * slope;
  // The gain is s / (1 + s) at the group's centre and its noise s / (1 + s)^2, for SINR s.
  const float sinr = args.sinr[static_cast<std::size_t>(row) * shape.group_stride + group];
  if (sinr > 0) out.inverse_noise = (1 + sinr) * (1 + sinr) / fmaxf(sinr, 1e-20F);
  if constexpr (L == 2) {  // the other layer, where the channel is no longer what the weights were made for
    cf32 leak = summary.time_gain[symbol] * other_mean;
    if (summary.branches > 1) leak = leak + summary.time_gain[kSymbolsPerSlot + symbol] * other_slope;
    out.inverse_noise /= 1 + norm(leak) * out.inverse_noise;
  }
  return out;
}

// The same for any number of layers, some of them other users'.
__device__ inline Combined combine_any(const DemapShape& shape, const DemapArgs<Backend>& args, int symbol, int k,
                                       int l) {
  const int half = symbol >= shape.second_half ? 1 : 0, group = k / kGroupSubcarriers;
  const int row = half * shape.layers + l;
  const cf32* w = args.weights.data + static_cast<std::size_t>(row * shape.antennas) * shape.group_stride + group;
  Combined out{};
  for (int a = 0; a < shape.antennas; ++a) {
    out.z = out.z + w[static_cast<std::size_t>(a) * shape.group_stride] *
                        args.grid[static_cast<std::size_t>(a * kSymbolsPerSlot + symbol) * shape.grid_stride +
                                  shape.first_subcarrier + k];
  }
  float leaked = 0;
  for (int of = 0; of < shape.joint.count; ++of) {
    const bool own = of == shape.joint.first_own + l;
    if (!own && (shape.present[symbol] >> of & 1) == 0) continue;
    const ChannelSummary& summary = args.summary[shape.joint.summary[of]];
    cf32 gain{};
    for (int b = 0; b < summary.branches; ++b) {
      cf32 sum{};
      for (int a = 0; a < shape.antennas; ++a) {
        const auto h = static_cast<std::size_t>((a * shape.joint.count + of) * kMaxBranches + b) * shape.channel_stride;
        sum = sum + w[static_cast<std::size_t>(a) * shape.group_stride] * args.channel[h + k];
      }
      gain = gain + summary.time_gain[b * kSymbolsPerSlot + symbol] * sum;
    }
    if (own) {
      out.gain = gain;
    } else {  // another layer, where the channel is no longer what the weights were made for
      leaked += norm(gain);
    }
  }
  const float sinr = args.sinr[static_cast<std::size_t>(row) * shape.group_stride + group];
  if (sinr > 0) out.inverse_noise = (1 + sinr) * (1 + sinr) / fmaxf(sinr, 1e-20F);
  out.inverse_noise /= 1 + leaked * out.inverse_noise;
  return out;
}

// What metrics are made of.
struct Quality {
  float squared_error = 0;  // distance to the nearest point
  float saturated = 0;      // LLRs that are +-127
};

// The LLRs of one layer's symbol.
template <int kBits>
__device__ inline void demap(const Combined& c, std::int8_t* llrs, Quality& quality) {
  const float power = fmaxf(norm(c.gain), 1e-30F);
  cf32 point = (1 / (half_distance<kBits>() * power)) * (c.z * conj(c.gain));  // in half distances
  float steps = power * c.inverse_noise * (half_distance<kBits>() * half_distance<kBits>() * kLlrStepsPerNat);
  // What is not finite is an erasure: its LLRs are 0, and it stays out of the EVM. So large a sum cannot come from
  // samples.
  const bool finite = norm(point) + steps < 1e30F;
  if (!finite) point = {}, steps = 0;
  float in_phase[kBits / 2], quadrature[kBits / 2], error_re = 0, error_im = 0;
  demap_axis<kBits / 2>(point.re, in_phase, error_re);
  demap_axis<kBits / 2>(point.im, quadrature, error_im);
#pragma unroll
  for (int bit = 0; bit < kBits / 2; ++bit) {
    llrs[2 * bit] = to_llr(steps * in_phase[bit]);
    llrs[2 * bit + 1] = to_llr(steps * quadrature[bit]);
    quality.saturated += abs(llrs[2 * bit]) == 127 ? 1.0F : 0.0F;
    quality.saturated += abs(llrs[2 * bit + 1]) == 127 ? 1.0F : 0.0F;
  }
  if (!finite) return;
  quality.squared_error +=
      (error_re * error_re + error_im * error_im) * half_distance<kBits>() * half_distance<kBits>();
}

// Writes the block's LLRs as words; those whose bit of the sequence is 1 change sign.
__device__ inline void write_descrambled(const std::uint32_t* words, int count, const DemapArgs<Backend>& args,
                                         int first_bit) {
  for (int i = static_cast<int>(threadIdx.x); i < count; i += kDemapThreads) {
    const int at = first_bit + 4 * i;
    const std::uint32_t bits = args.scrambling[at / 32] >> (at % 32);
    const std::uint32_t flip = ((bits & 1) | (bits & 2) << 7 | (bits & 4) << 14 | (bits & 8) << 21) * 0xff;
    reinterpret_cast<std::uint32_t*>(args.llrs.data)[at / 4] = __vsub4(words[i] ^ flip, flip);
  }
}

template <int L, int kBits>
__global__ void __launch_bounds__(kDemapThreads, 8)
    demap_elements(const __grid_constant__ DemapShape shape, const __grid_constant__ DemapArgs<Backend> args,
                   DeviceSpan<float> partial) {
  constexpr int kBytes = L * kBits;
  auto& words = block_shared<std::uint32_t[kDemapThreads * kBytes / 4], struct Words>();
  const int symbol = shape.first_symbol + static_cast<int>(blockIdx.y);
  const DataComb comb = shape.comb[symbol];
  const int elements = data_elements_before(comb, shape.subcarriers);
  const int first = static_cast<int>(blockIdx.x) * kDemapThreads;
  const int element = first + static_cast<int>(threadIdx.x);
  Quality quality;
  if (element < elements) {
    const int k = data_subcarrier(comb, element);
    auto* llrs = reinterpret_cast<std::int8_t*>(words) + threadIdx.x * kBytes;
#pragma unroll
    for (int l = 0; l < L; ++l) {
      demap<kBits>(combine<L>(shape, args, symbol, k, l), llrs + l * kBits, quality);
    }
  }
  // Its barrier also completes the words.
  const float sum = sum_of_block<kDemapThreads, 2>({quality.squared_error, quality.saturated});
  if (threadIdx.x < 2) partial[2 * (blockIdx.y * gridDim.x + blockIdx.x) + threadIdx.x] = sum;
  const int count = max(0, min(kDemapThreads, elements - first)) * kBytes / 4;
  write_descrambled(words, count, args, shape.first_bit[symbol] + first * kBytes);
}

// The same for any number of layers.
template <int kBits>
__global__ void __launch_bounds__(kDemapThreads, 8)
    demap_any(const __grid_constant__ DemapShape shape, const __grid_constant__ DemapArgs<Backend> args,
              DeviceSpan<float> partial) {
  const int bytes = shape.layers * kBits;
  auto* words = dynamic_shared<std::uint32_t>();
  const int symbol = shape.first_symbol + static_cast<int>(blockIdx.y);
  const DataComb comb = shape.comb[symbol];
  const int elements = data_elements_before(comb, shape.subcarriers);
  const int first = static_cast<int>(blockIdx.x) * kDemapThreads;
  const int element = first + static_cast<int>(threadIdx.x);
  Quality quality;
  if (element < elements) {
    const int k = data_subcarrier(comb, element);
    auto* llrs = reinterpret_cast<std::int8_t*>(words) + static_cast<int>(threadIdx.x) * bytes;
    for (int l = 0; l < shape.layers; ++l) {
      demap<kBits>(combine_any(shape, args, symbol, k, l), llrs + l * kBits, quality);
    }
  }
  // Its barrier also completes the words.
  const float sum = sum_of_block<kDemapThreads, 2>({quality.squared_error, quality.saturated});
  if (threadIdx.x < 2) partial[2 * (blockIdx.y * gridDim.x + blockIdx.x) + threadIdx.x] = sum;
  const int count = max(0, min(kDemapThreads, elements - first)) * bytes / 4;
  write_descrambled(words, count, args, shape.first_bit[symbol] + first * bytes);
}

// One block: means over what the blocks have left, and over the groups' SINR.
__global__ void __launch_bounds__(kDemapThreads, 8)
    measure_quality(const __grid_constant__ DemapShape shape, const __grid_constant__ DemapArgs<Backend> args,
                    DeviceSpan<const float> partial, int elements) {
  float error = 0, saturated = 0, sinr = 0;
  for (int i = static_cast<int>(threadIdx.x); i < static_cast<int>(partial.size) / 2; i += kDemapThreads) {
    error += partial[2 * i];
    saturated += partial[2 * i + 1];
  }
  const int groups = shape.subcarriers / kGroupSubcarriers, rows = kHalves * shape.layers;
  for (int row = 0; row < rows; ++row) {
    for (int g = static_cast<int>(threadIdx.x); g < groups; g += kDemapThreads) {
      sinr += args.sinr[static_cast<std::size_t>(row) * shape.group_stride + g];
    }
  }
  const float sum = sum_of_block<kDemapThreads, 3>({error, sinr, saturated});
  const float count = static_cast<float>(elements);
  if (threadIdx.x == 0) args.metrics[0].evm_squared = elements > 0 ? sum / count : 0;
  if (threadIdx.x == 1) args.metrics[0].sinr = sum / static_cast<float>(rows * groups);
  if (threadIdx.x == 2) {
    args.metrics[0].saturated = elements > 0 ? sum / (count * static_cast<float>(shape.bits_per_symbol)) : 0;
  }
}

int count_elements(const DemapShape& shape) {
  int elements = 0;
  for (int symbol = shape.first_symbol; symbol < shape.first_symbol + shape.symbols; ++symbol) {
    elements += data_elements_before(shape.comb[symbol], shape.subcarriers);
  }
  return elements * shape.layers;
}

// L: layers, of an instance that the compiler knows; 0: any number.
template <int L, int kBits>
void launch_demap(Work& work, const DemapShape& shape, const DemapArgs<Backend>& args) {
  const dim3 grid(static_cast<unsigned>((shape.subcarriers + kDemapThreads - 1) / kDemapThreads),
                  static_cast<unsigned>(shape.symbols));
  const DeviceSpan<float> partial = work.demap_sums.view().subspan(0, 2 * std::size_t{grid.x} * grid.y);
  if constexpr (L == 0) {
    const auto bytes = static_cast<std::size_t>(kDemapThreads * shape.layers * kBits);
    launch<demap_any<kBits>>(grid, kDemapThreads, bytes, work.stream, shape, args, partial);
  } else {
    launch<demap_elements<L, kBits>>(grid, kDemapThreads, 0, work.stream, shape, args, partial);
  }
  launch<measure_quality>(1, kDemapThreads, 0, work.stream, shape, args, DeviceSpan<const float>(partial),
                          count_elements(shape));
  work.check_launch("combine_and_demap");
}

}  // namespace

void combine_and_demap(Backend& on, const DemapShape& shape, const DemapArgs<Backend>& args) noexcept {
  Work& work = on.work();
  if (shape.subcarriers > 12 * on.limits().prbs) {
    return work.note_text("combine_and_demap", "the backend was made for fewer subcarriers");
  }
  const int layers = shape.joint.count == shape.layers && shape.layers <= 2 ? shape.layers : 0;
  switch (10 * layers + shape.bits_per_symbol) {
    case 2:
      return launch_demap<0, 2>(work, shape, args);
    case 4:
      return launch_demap<0, 4>(work, shape, args);
    case 6:
      return launch_demap<0, 6>(work, shape, args);
    case 8:
      return launch_demap<0, 8>(work, shape, args);
    case 12:
      return launch_demap<1, 2>(work, shape, args);
    case 14:
      return launch_demap<1, 4>(work, shape, args);
    case 16:
      return launch_demap<1, 6>(work, shape, args);
    case 18:
      return launch_demap<1, 8>(work, shape, args);
    case 22:
      return launch_demap<2, 2>(work, shape, args);
    case 24:
      return launch_demap<2, 4>(work, shape, args);
    case 26:
      return launch_demap<2, 6>(work, shape, args);
    case 28:
      return launch_demap<2, 8>(work, shape, args);
    default:
      return work.note_text("combine_and_demap", "not 2, 4, 6 or 8 bits a symbol");
  }
}

}  // namespace pado::PADO_CUDA_NAMESPACE
