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
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/combine_and_demap.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cpu/complex_vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMaxTileBytes = hn::MaxLanes(D()) * 8 * 2;

// Repeats a group's numbers for its 4 subcarriers; made once, not per tile.
class GroupSpreader {
  using Indices = decltype(hn::SetTableIndices(D(), static_cast<const std::int32_t*>(nullptr)));

 public:
  GroupSpreader() : re_(indices(2, 0)), im_(indices(2, 1)), real_(indices(1, 0)) {}
  [[nodiscard]] HWY_INLINE C spread(const cf32* groups) const {
    const V packed = hn::LoadU(D(), &groups->re);
    return {hn::TableLookupLanes(packed, re_), hn::TableLookupLanes(packed, im_)};
  }
  [[nodiscard]] HWY_INLINE V spread(const float* groups) const {
    return hn::TableLookupLanes(hn::LoadU(D(), groups), real_);
  }

 private:
  static Indices indices(int step, int offset) {
    HWY_ALIGN std::int32_t index[hn::MaxLanes(D())];
    for (int i = 0; i < static_cast<int>(hn::Lanes(D())); ++i) index[i] = step * (i / kGroupSubcarriers) + offset;
    return hn::SetTableIndices(D(), index);
  }
  Indices re_, im_, real_;
};

// Max-log LLRs of one axis, a PAM with levels +-1, +-3, ...: out[i] in units of the squared half distance. For |u| = t
// with nearest level q the first bit's is (t + 1)^2 - (t - q)^2; folding at the middle of the levels gives the next.
template <int kBits>
HWY_INLINE void demap_axis(V u, V* out, V& error) {
  const D d;
  const V one = hn::Set(d, 1.0F);
  V v = u;
  for (int bit = 0; bit < kBits; ++bit) {
    const int bits_left = kBits - bit;
    const V t = hn::Abs(v);
    if (bits_left == 1) {
      out[bit] = hn::Mul(hn::Set(d, 4.0F), v);
      if (bit == 0) error = hn::Sub(t, one);
      continue;
    }
    const float levels = static_cast<float>(1 << (bits_left - 1));  // on one side
    const V index = hn::Min(hn::Floor(hn::Mul(t, hn::Set(d, 0.5F))), hn::Set(d, levels - 1));
    const V q = hn::MulAdd(index, hn::Set(d, 2.0F), one);
    if (bit == 0) error = hn::Sub(t, q);
    const V size = hn::Mul(hn::Add(one, q), hn::Sub(hn::MulAdd(t, hn::Set(d, 2.0F), one), q));
    out[bit] = hn::CopySign(size, v);
    v = hn::Sub(hn::Set(d, levels), t);
  }
}

// Rounds and saturates a finite number to a byte in an int32 lane.
HWY_INLINE auto to_byte(V llr) {
  const D d;
  const hn::RebindToSigned<D> d32;
  const V limit = hn::Set(d, 127.0F);
  const V clamped = hn::Max(hn::Min(llr, limit), hn::Neg(limit));
  return hn::And(hn::NearestInt(clamped), hn::Set(d32, 0xff));
}

// Bytes in transmission order from kBytes vectors of them, one resource element a lane.
template <int kBytes, class VI>
HWY_INLINE void store_bytes(const VI* byte, std::int8_t* out) {
  const hn::RebindToUnsigned<D> d32;
  const hn::Rebind<std::uint16_t, D> d16;
  if constexpr (kBytes % 4 == 0) {
    hn::Vec<decltype(d32)> word[kBytes / 4];
    for (int w = 0; w < kBytes / 4; ++w) {
      const VI low = hn::Or(byte[4 * w], hn::ShiftLeft<8>(byte[4 * w + 1]));
      const VI high = hn::Or(byte[4 * w + 2], hn::ShiftLeft<8>(byte[4 * w + 3]));
      word[w] = hn::BitCast(d32, hn::Or(low, hn::ShiftLeft<16>(high)));
    }
    auto* to = reinterpret_cast<std::uint32_t*>(out);
    if constexpr (kBytes == 4) hn::StoreU(word[0], d32, to);
    if constexpr (kBytes == 8) hn::StoreInterleaved2(word[0], word[1], d32, to);
    if constexpr (kBytes == 12) hn::StoreInterleaved3(word[0], word[1], word[2], d32, to);
    if constexpr (kBytes == 16) hn::StoreInterleaved4(word[0], word[1], word[2], word[3], d32, to);
  } else {
    hn::Vec<decltype(d16)> half[kBytes / 2];
    for (int w = 0; w < kBytes / 2; ++w) {
      const auto pair = hn::Or(byte[2 * w], hn::ShiftLeft<8>(byte[2 * w + 1]));
      half[w] = hn::TruncateTo(d16, hn::BitCast(d32, pair));
    }
    auto* to = reinterpret_cast<std::uint16_t*>(out);
    if constexpr (kBytes == 2) hn::StoreU(half[0], d16, to);
    if constexpr (kBytes == 6) hn::StoreInterleaved3(half[0], half[1], half[2], d16, to);
  }
}

// Flips the sign of LLRs where the scrambling bit is 1. Whole vectors are read and written back, at most 63 bytes
// beyond the last LLR; the sequence is read up to 8 bytes beyond.
HWY_INLINE void descramble(std::int8_t* llrs, int count, const std::uint32_t* sequence, int first_bit) {
  const hn::CappedTag<std::int8_t, 64> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(sequence);
  for (int i = 0; i < count; i += lanes) {
    const int at = first_bit + i;
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes + at / 8, 8);
    if (at % 8 != 0) bits = (bits >> (at % 8)) | (static_cast<std::uint64_t>(bytes[at / 8 + 8]) << (64 - at % 8));
    std::uint8_t mask_bytes[8];
    std::memcpy(mask_bytes, &bits, 8);
    auto flip = hn::LoadMaskBits(d, mask_bytes);
    if (count - i < lanes) flip = hn::And(flip, hn::FirstN(d, static_cast<std::size_t>(count - i)));
    const auto v = hn::LoadU(d, llrs + i);
    hn::StoreU(hn::IfThenElse(flip, hn::Neg(v), v), d, llrs + i);
  }
}

template <int kAntennas, int kLayers, int kBits>
class Demapper {
 public:
  Demapper(const DemapShape& shape, const DemapArgs<Backend>& args)
      : s_(shape), args_(args), summary_(args.summary[0]) {}

  void run() {
    const int subcarriers = kTiles * static_cast<int>(hn::Lanes(D()));  // of a block
    for (int k = 0; k < s_.subcarriers; k += subcarriers) {
      block(k, 0, s_.first_symbol, s_.second_half);
      block(k, 1, s_.second_half, s_.first_symbol + s_.symbols);
    }
    float sinr = 0;
    const int groups = s_.subcarriers / kGroupSubcarriers;
    for (int row = 0; row < kHalves * kLayers; ++row)
      for (int g = 0; g < groups; ++g) sinr += args_.sinr[static_cast<std::size_t>(row * s_.group_stride + g)];
    args_.metrics[0].sinr = sinr / static_cast<float>(kHalves * kLayers * groups);
    args_.metrics[0].evm_squared = elements_ > 0 ? static_cast<float>(squared_error_ / elements_) : 0;
  }

 private:
  static constexpr int kBytes = kLayers * kBits;
  static constexpr int kTiles = 8;          // of a block
  static constexpr float half_distance() {  // of a constellation of unit mean energy
    return kBits == 2 ? 0.70710678F : kBits == 4 ? 0.31622777F : kBits == 6 ? 0.15430335F : 0.07669650F;
  }

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
      // The combined symbol's gain is g = s / (1 + s) and its noise g (1 - g) = s / (1 + s)^2, for SINR s.
      const V sinr = spreader_.spread(&args_.sinr[static_cast<std::size_t>(row * s_.group_stride + group)]);
      const V one = hn::Set(d, 1.0F);
      const V above = hn::Mul(hn::Add(one, sinr), hn::Add(one, sinr));
      t.inverse_noise[l] =
          hn::IfThenElseZero(hn::Gt(sinr, hn::Zero(d)), hn::Div(above, hn::Max(sinr, hn::Set(d, 1e-20F))));
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
      const int bit = s_.first_bit[symbol] + destination(first_subcarrier, comb);
      std::int8_t* llrs = &args_.llrs[static_cast<std::size_t>(bit)];
      for (int i = 0; i * lanes < count; ++i) {
        const int k = first_subcarrier + i * lanes;
        error = hn::Add(error, tile(k, symbol, comb, weights[i], llrs + destination(i * lanes, comb)));
      }
      const int used = comb == DataComb::all ? count : count / 2;
      descramble(llrs, used * kBytes, args_.scrambling.data(), bit);
      elements_ += used * kLayers;
    }
    squared_error_ += hn::GetLane(hn::SumOfLanes(d, error)) * half_distance() * half_distance();
  }

  // One tile and symbol; where not all of its lanes are data, by way of a spare place.
  HWY_INLINE V tile(int k, int symbol, DataComb comb, const Weights& t, std::int8_t* out) const {
    const int lanes = static_cast<int>(hn::Lanes(D()));
    const int valid = std::min(lanes, s_.subcarriers - k);
    if (valid == lanes && comb == DataComb::all) return demap(k, symbol, t, out);
    alignas(64) std::int8_t spare[kMaxTileBytes];
    const V error = hn::IfThenElseZero(lanes_in_use(valid, comb), demap(k, symbol, t, spare));
    copy_some(spare, out, valid, comb);
    return error;
  }

  static int destination(int k, DataComb comb) { return (comb == DataComb::all ? k : k / 2) * kBytes; }

  static HWY_INLINE hn::Mask<D> lanes_in_use(int valid, DataComb comb) {
    const D d;
    HWY_ALIGN float use[hn::MaxLanes(D())];
    for (int i = 0; i < static_cast<int>(hn::Lanes(d)); ++i) {
      const bool on = comb == DataComb::all || i % 2 == (comb == DataComb::odd ? 1 : 0);
      use[i] = i < valid && on ? 1.0F : 0.0F;
    }
    return hn::Gt(hn::Load(d, use), hn::Zero(d));
  }

  static void copy_some(const std::int8_t* from, std::int8_t* to, int valid, DataComb comb) {
    const int step = comb == DataComb::all ? 1 : 2;
    for (int i = comb == DataComb::odd ? 1 : 0; i < valid; i += step, to += kBytes)
      std::memcpy(to, from + static_cast<std::ptrdiff_t>(i) * kBytes, kBytes);
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
      const V to_levels = hn::Div(hn::Set(d, 1 / half_distance()), power);
      V u = hn::Mul(hn::MulAdd(z.re, g.re, hn::Mul(z.im, g.im)), to_levels);
      V v = hn::Mul(hn::NegMulAdd(z.re, g.im, hn::Mul(z.im, g.re)), to_levels);
      V steps =
          hn::Mul(hn::Mul(power, t.inverse_noise[l]), hn::Set(d, half_distance() * half_distance() * kLlrStepsPerNat));
      if constexpr (kLayers == 2) {  // the other layer, where the channel is no longer what the weights were made for
        C x{hn::Zero(d), hn::Zero(d)};
        for (int b = 0; b < summary_.branches; ++b)
          x = multiply_add(broadcast(summary_.time_gain[b * kSymbolsPerSlot + symbol]), t.leak[l][b], x);
        steps = hn::Div(steps, hn::MulAdd(squared(x), t.inverse_noise[l], hn::Set(d, 1.0F)));
      }
      // What is not finite is an erasure: its LLRs are 0. So large a sum cannot come from samples.
      const auto finite = hn::Lt(hn::MulAdd(u, u, hn::MulAdd(v, v, steps)), hn::Set(d, 1e30F));
      u = hn::IfThenElseZero(finite, u);
      v = hn::IfThenElseZero(finite, v);
      steps = hn::IfThenElseZero(finite, steps);
      V in_phase[kBits / 2], quadrature[kBits / 2], error_re, error_im;
      demap_axis<kBits / 2>(u, in_phase, error_re);
      demap_axis<kBits / 2>(v, quadrature, error_im);
      const V squared = hn::MulAdd(error_re, error_re, hn::Mul(error_im, error_im));
      squared_error = hn::Add(squared_error, hn::IfThenElseZero(finite, squared));
      for (int bit = 0; bit < kBits / 2; ++bit) {
        byte[l * kBits + 2 * bit] = to_byte(hn::Mul(in_phase[bit], steps));
        byte[l * kBits + 2 * bit + 1] = to_byte(hn::Mul(quadrature[bit], steps));
      }
    }
    store_bytes<kBytes>(byte, out);
    return squared_error;
  }

  const DemapShape& s_;
  const DemapArgs<Backend>& args_;
  const ChannelSummary& summary_;
  const GroupSpreader spreader_;
  double squared_error_ = 0, elements_ = 0;
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

void combine_and_demap(Backend&, const DemapShape& shape, const DemapArgs<Backend>& args) noexcept {
  HWY_DYNAMIC_DISPATCH(dispatch_demap)(shape, args);
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
