// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Combining and demapping for sizes without an instance of their own: many antennas, many layers, users on the same
// PRBs. Blocks of tiles as there, but what a tile needs is in memory, and layers are demapped one after another and
// then interleaved element by element.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/cpu/beam_scratch.h"
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/demap_any_size.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cpu/demap_vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <int kBits>
class AnySizeDemapper {
 public:
  AnySizeDemapper(const DemapShape& shape, const DemapArgs<Backend>& args, const BeamScratch& scratch)
      : s_(shape),
        args_(args),
        own_(shape.joint.first_own),
        layer_numbers_(shape.antennas + kMaxBranches * shape.joint.count + 1),
        memory_(scratch.tiles.view().data()) {}

  void run() {
    const int subcarriers = kAnySizeTiles * static_cast<int>(hn::Lanes(D()));  // of a block
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
  static constexpr int kNumber = 2 * kMaxVectorFloats;  // floats of a complex vector

  // A tile's numbers: for each of the user's layers the weights, then W h of each layer of all and branch, then the
  // inverse noise of the combined symbol.
  [[nodiscard]] float* weight(int tile, int layer, int antenna) const { return number(tile, layer, antenna); }
  [[nodiscard]] float* gain(int tile, int layer, int of, int branch) const {
    return number(tile, layer, s_.antennas + kMaxBranches * of + branch);
  }
  [[nodiscard]] float* inverse_noise(int tile, int layer) const { return number(tile, layer, layer_numbers_ - 1); }
  [[nodiscard]] float* number(int tile, int layer, int index) const {
    return memory_ + static_cast<std::ptrdiff_t>((tile * s_.layers + layer) * layer_numbers_ + index) * kNumber;
  }
  static HWY_INLINE C get(const float* p) { return {hn::Load(D(), p), hn::Load(D(), p + kMaxVectorFloats)}; }
  static HWY_INLINE void put(C value, float* p) {
    hn::Store(value.re, D(), p);
    hn::Store(value.im, D(), p + kMaxVectorFloats);
  }
  [[nodiscard]] const ChannelSummary& summary(int layer) const {
    return args_.summary[s_.joint.summary[static_cast<std::size_t>(layer)]];
  }

  void prepare(int k, int half, int tile) const {
    const int group = k / kGroupSubcarriers;
    for (int l = 0; l < s_.layers; ++l) {
      const int row = half * s_.layers + l;
      for (int a = 0; a < s_.antennas; ++a) {
        const auto at = static_cast<std::size_t>((row * s_.antennas + a) * s_.group_stride + group);
        put(spreader_.spread(&args_.weights[at]), weight(tile, l, a));
      }
      const auto at = static_cast<std::size_t>(row * s_.group_stride + group);
      const V inverse = inverse_noise_of(spreader_.spread(&args_.sinr[at]));
      put({inverse, inverse}, inverse_noise(tile, l));
      for (int of = 0; of < s_.joint.count; ++of)
        for (int b = 0; b < summary(of).branches; ++b) put(gain_of(k, tile, l, of, b), gain(tile, l, of, b));
    }
  }

  // W h of a layer of all.
  HWY_INLINE C gain_of(int k, int tile, int layer, int of, int branch) const {
    C sum{hn::Zero(D()), hn::Zero(D())};
    for (int a = 0; a < s_.antennas; ++a) {
      const int row = (a * s_.joint.count + of) * kMaxBranches + branch;
      const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(s_.channel_stride);
      sum = multiply_add(get(weight(tile, layer, a)), load(&args_.channel[at + static_cast<std::size_t>(k)]), sum);
    }
    return sum;
  }

  void block(int first_subcarrier, int half, int first, int end) {
    const D d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const int count = std::min(kAnySizeTiles * lanes, s_.subcarriers - first_subcarrier);
    const int bytes = s_.layers * kBits;
    for (int i = 0; i * lanes < count; ++i) prepare(first_subcarrier + i * lanes, half, i);
    V error = hn::Zero(d);
    for (int symbol = first; symbol < end; ++symbol) {
      const DataComb comb = s_.comb[symbol];
      if (comb == DataComb::none) continue;
      const int before = data_elements_before(comb, first_subcarrier);
      const int bit = s_.first_bit[symbol] + before * bytes;
      std::int8_t* llrs = &args_.llrs[static_cast<std::size_t>(bit)];
      std::int8_t* out = llrs;
      for (int i = 0; i * lanes < count; ++i)
        error = hn::Add(error, demap_tile(first_subcarrier + i * lanes, symbol, comb, i, out));
      saturated_ += descramble(llrs, static_cast<int>(out - llrs), args_.scrambling.data(), bit);
      elements_ += static_cast<double>(out - llrs) / kBits;
    }
    squared_error_ += hn::GetLane(hn::SumOfLanes(d, error)) * half_distance(kBits) * half_distance(kBits);
  }

  // One tile and symbol; out moves on. Returns each element's squared error, of all layers, in squared half distances.
  HWY_INLINE V demap_tile(int k, int symbol, DataComb comb, int tile, std::int8_t*& out) const {
    const D d;
    const int lanes = static_cast<int>(hn::Lanes(d)), valid = std::min(lanes, s_.subcarriers - k);
    const bool whole = valid == lanes && comb == DataComb::all;
    alignas(64) std::int8_t spare[kMaxLayers][hn::MaxLanes(D()) * kBits];
    V error = hn::Zero(d);
    for (int l = 0; l < s_.layers; ++l) error = hn::Add(error, demap_layer(k, symbol, tile, l, spare[l]));
    if (whole && s_.layers == 1) {
      std::memcpy(out, spare[0], sizeof spare[0]);
      out += lanes * kBits;
      return error;
    }
    for (int i = 0; i < valid; ++i) {
      if (!whole && !carries_data(comb, k + i)) continue;
      for (int l = 0; l < s_.layers; ++l, out += kBits) std::memcpy(out, spare[l] + i * kBits, kBits);
    }
    return whole ? error : hn::IfThenElseZero(lanes_in_use(k, valid, comb), error);
  }

  HWY_INLINE V demap_layer(int k, int symbol, int tile, int layer, std::int8_t* out) const {
    const D d;
    const V zero = hn::Zero(d);
    C z{zero, zero};
    for (int a = 0; a < s_.antennas; ++a) {
      const auto row =
          static_cast<std::size_t>(a * kSymbolsPerSlot + symbol) * static_cast<std::size_t>(s_.grid_stride);
      z = multiply_add(get(weight(tile, layer, a)),
                       load(&args_.grid[row + static_cast<std::size_t>(s_.first_subcarrier + k)]), z);
    }
    C g{zero, zero};
    V leaked = zero;
    for (int of = 0; of < s_.joint.count; ++of) {
      const bool own = of == own_ + layer;
      if (!own && (s_.present[static_cast<std::size_t>(symbol)] >> of & 1) == 0) continue;
      C sum{zero, zero};
      const ChannelSummary& of_layer = summary(of);
      for (int b = 0; b < of_layer.branches; ++b)
        sum = multiply_add(broadcast(of_layer.time_gain[static_cast<std::size_t>(b * kSymbolsPerSlot + symbol)]),
                           get(gain(tile, layer, of, b)), sum);
      if (own) {
        g = sum;
      } else {  // another layer, where the channel is no longer what the weights were made for
        leaked = hn::Add(leaked, squared(sum));
      }
    }
    const V power = hn::Max(squared(g), hn::Set(d, 1e-30F));
    const V inverse = hn::Load(d, inverse_noise(tile, layer));
    V steps =
        hn::Mul(hn::Mul(power, inverse), hn::Set(d, half_distance(kBits) * half_distance(kBits) * kLlrStepsPerNat));
    steps = hn::Div(steps, hn::MulAdd(leaked, inverse, hn::Set(d, 1.0F)));
    hn::Vec<hn::RebindToSigned<D>> byte[kBits];
    const V error = demap_symbol<kBits>(z, g, power, steps, byte);
    store_bytes<kBits>(byte, out);
    return error;
  }

  const DemapShape& s_;
  const DemapArgs<Backend>& args_;
  const int own_, layer_numbers_;
  float* memory_;
  const GroupSpreader spreader_;
  double squared_error_ = 0, elements_ = 0;
  std::size_t saturated_ = 0;
};

void demap_elements_of_any_size(const DemapShape& shape, const DemapArgs<Backend>& args, const BeamScratch& scratch) {
  switch (shape.bits_per_symbol) {
    case 2:
      return AnySizeDemapper<2>(shape, args, scratch).run();
    case 4:
      return AnySizeDemapper<4>(shape, args, scratch).run();
    case 6:
      return AnySizeDemapper<6>(shape, args, scratch).run();
    case 8:
      return AnySizeDemapper<8>(shape, args, scratch).run();
    default:
      return;  // refused when the plan was made
  }
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {
HWY_EXPORT(demap_elements_of_any_size);
}  // namespace

void demap_any_size(const DemapShape& shape, const DemapArgs<Backend>& args, const BeamScratch& scratch) noexcept {
  HWY_DYNAMIC_DISPATCH(demap_elements_of_any_size)(shape, args, scratch);
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
