// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// A tile is one vector of subcarriers, a block eight of them over all symbols of a half: its weights and branch gains
// are made once and stay in the first cache while the symbols pass, and each row of the grid is read a kilobyte at a
// time (a tile at a time, so many rows take turns that no prefetcher follows). A symbol's LLRs are descrambled when its
// block is through: the stores have left the pipeline, but not the cache.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/scratch.h"
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/combine_and_demap.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cpu/demap_vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <int kAntennas, int kLayers, int kBits>
class Demapper {
 public:
  Demapper(const DemapShape& shape, const DemapArgs<Backend>& args)
      : s_(shape), args_(args), summary_(args.summary[shape.joint.summary[0]]) {}

  void run() {
    const int subcarriers = kTiles * static_cast<int>(hn::Lanes(D()));  // of a block
    for (int k = 0; k < s_.subcarriers; k += subcarriers) {
      block(k, 0, s_.first_symbol, s_.second_half);
      block(k, 1, s_.second_half, s_.first_symbol + s_.symbols);
    }
    args_.metrics[0].sinr = mean_sinr(s_, args_);
    args_.metrics[0].evm_squared = elements_ > 0 ? static_cast<float>(squared_error_ / elements_) : 0;
    args_.metrics[0].saturated =
        elements_ > 0 ? static_cast<float>(saturated_) / static_cast<float>(elements_ * kBits) : 0;
  }

 private:
  static constexpr int kBytes = kLayers * kBits;
  static constexpr int kTiles = 8;  // of a block

  // What one tile needs for all symbols of a half.
  struct Weights {
    C w[kLayers][kAntennas];
    C gain[kLayers][kMaxBranches];  // W h of each branch
    C leak[kLayers][kMaxBranches];  // the same of the other layer
    V inverse_noise[kLayers];       // of the combined symbol
  };

  HWY_INLINE void prepare(int k, int half, Weights& t) const {
    const D d;
    const int group = k / kGroupSubcarriers;
    for (int l = 0; l < kLayers; ++l) {
      const int row = half * kLayers + l;
      for (int b = 0; b < kMaxBranches; ++b) t.gain[l][b] = t.leak[l][b] = {hn::Zero(d), hn::Zero(d)};
      for (int a = 0; a < kAntennas; ++a) {
        t.w[l][a] =
            spreader_.spread(&args_.weights[static_cast<std::size_t>((row * kAntennas + a) * s_.group_stride + group)]);
        for (int b = 0; b < summary_.branches; ++b) {
          const int channel_row = (a * kLayers + l) * kMaxBranches + b;
          t.gain[l][b] = multiply_add(
              t.w[l][a], load(&args_.channel[static_cast<std::size_t>(channel_row * s_.channel_stride + k)]),
              t.gain[l][b]);
          if constexpr (kLayers == 2) {
            const int other_row = (a * kLayers + 1 - l) * kMaxBranches + b;
            t.leak[l][b] = multiply_add(
                t.w[l][a], load(&args_.channel[static_cast<std::size_t>(other_row * s_.channel_stride + k)]),
                t.leak[l][b]);
          }
        }
      }
      t.inverse_noise[l] =
          inverse_noise_of(spreader_.spread(&args_.sinr[static_cast<std::size_t>(row * s_.group_stride + group)]));
    }
  }

  void block(int first_subcarrier, int half, int first, int end) {
    const D d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const int count = std::min(kTiles * lanes, s_.subcarriers - first_subcarrier);
    Weights weights[kTiles];
    for (int i = 0; i * lanes < count; ++i) prepare(first_subcarrier + i * lanes, half, weights[i]);
    V error = hn::Zero(d);
    for (int symbol = first; symbol < end; ++symbol) {
      const DataComb comb = s_.comb[symbol];
      if (comb == DataComb::none) continue;
      const int before = destination(first_subcarrier, comb), bit = s_.first_bit[symbol] + before;
      std::int8_t* llrs = &args_.llrs[static_cast<std::size_t>(bit)];
      for (int i = 0; i * lanes < count; ++i) {
        const int k = first_subcarrier + i * lanes;
        error = hn::Add(error, tile(k, symbol, comb, weights[i], llrs + destination(k, comb) - before));
      }
      const int bytes = destination(first_subcarrier + count, comb) - before;
      saturated_ += descramble(llrs, bytes, args_.scrambling.data(), bit);
      elements_ += bytes / kBits;
    }
    squared_error_ += hn::GetLane(hn::SumOfLanes(d, error)) * half_distance(kBits) * half_distance(kBits);
  }

  // One tile and symbol; where not all of its lanes are data, by way of a spare place.
  HWY_INLINE V tile(int k, int symbol, DataComb comb, const Weights& t, std::int8_t* out) const {
    const int lanes = static_cast<int>(hn::Lanes(D()));
    const int valid = std::min(lanes, s_.subcarriers - k);
    if (valid == lanes && comb == DataComb::all) return demap(k, symbol, t, out);
    alignas(64) std::int8_t spare[kMaxTileBytes];
    const V error = hn::IfThenElseZero(lanes_in_use(k, valid, comb), demap(k, symbol, t, spare));
    copy_some(spare, out, k, valid, comb);
    return error;
  }

  static HWY_INLINE int destination(int k, DataComb comb) {
    return (comb == DataComb::all ? k : data_elements_before(comb, k)) * kBytes;
  }

  static void copy_some(const std::int8_t* from, std::int8_t* to, int k, int valid, DataComb comb) {
    for (int i = 0; i < valid; ++i) {
      if (!carries_data(comb, k + i)) continue;
      std::memcpy(to, from + static_cast<std::ptrdiff_t>(i) * kBytes, kBytes);
      to += kBytes;
    }
  }

  // Returns each element's squared error, of all layers, in units of the squared half distance.
  HWY_INLINE V demap(int k, int symbol, const Weights& t, std::int8_t* out) const {
    const D d;
    C y[kAntennas];
    for (int a = 0; a < kAntennas; ++a) {
      const int row = a * kSymbolsPerSlot + symbol;
      y[a] = load(&args_.grid[static_cast<std::size_t>(row) * static_cast<std::size_t>(s_.grid_stride) +
                              static_cast<std::size_t>(s_.first_subcarrier + k)]);
    }
    hn::Vec<hn::RebindToSigned<D>> byte[kBytes];
    V squared_error = hn::Zero(d);
    for (int l = 0; l < kLayers; ++l) {
      C z{hn::Zero(d), hn::Zero(d)}, g = z;
      for (int a = 0; a < kAntennas; ++a) z = multiply_add(t.w[l][a], y[a], z);
      for (int b = 0; b < summary_.branches; ++b)
        g = multiply_add(broadcast(summary_.time_gain[b * kSymbolsPerSlot + symbol]), t.gain[l][b], g);
      const V power = hn::Max(hn::MulAdd(g.re, g.re, hn::Mul(g.im, g.im)), hn::Set(d, 1e-30F));
      V steps = hn::Mul(hn::Mul(power, t.inverse_noise[l]),
                        hn::Set(d, half_distance(kBits) * half_distance(kBits) * kLlrStepsPerNat));
      if constexpr (kLayers == 2) {  // the other layer, where the channel is no longer what the weights were made for
        C x{hn::Zero(d), hn::Zero(d)};
        for (int b = 0; b < summary_.branches; ++b)
          x = multiply_add(broadcast(summary_.time_gain[b * kSymbolsPerSlot + symbol]), t.leak[l][b], x);
        steps = hn::Div(steps, hn::MulAdd(squared(x), t.inverse_noise[l], hn::Set(d, 1.0F)));
      }
      squared_error = hn::Add(squared_error, demap_symbol<kBits>(z, g, power, steps, byte + l * kBits));
    }
    store_bytes<kBytes>(byte, out);
    return squared_error;
  }

  const DemapShape& s_;
  const DemapArgs<Backend>& args_;
  const ChannelSummary& summary_;
  const GroupSpreader spreader_;
  double squared_error_ = 0, elements_ = 0;
  std::size_t saturated_ = 0;
};

void dispatch_demap(const DemapShape& shape, const DemapArgs<Backend>& args) {
  for_size(shape.antennas, shape.layers, [&]<int kAntennas, int kLayers>() {
    switch (shape.bits_per_symbol) {
      case 2:
        return Demapper<kAntennas, kLayers, 2>(shape, args).run();
      case 4:
        return Demapper<kAntennas, kLayers, 4>(shape, args).run();
      case 6:
        return Demapper<kAntennas, kLayers, 6>(shape, args).run();
      case 8:
        return Demapper<kAntennas, kLayers, 8>(shape, args).run();
      default:
        return;  // refused when the plan was made
    }
  });
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {
HWY_EXPORT(dispatch_demap);
}  // namespace

void combine_and_demap(Backend& on, const DemapShape& shape, const DemapArgs<Backend>& args) noexcept {
  if (has_instance(shape.antennas, shape.layers, shape.joint)) {
    HWY_DYNAMIC_DISPATCH(dispatch_demap)(shape, args);
  } else {
    demap_any_size(shape, args, on.scratch().beams);
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
