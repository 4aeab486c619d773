// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Demapping a vector of subcarriers at a time. Part of sources that are compiled once for each instruction set;
// therefore included again for each, behind Highway's header.
#if defined(PADO_KERNELS_CPU_DEMAP_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PADO_KERNELS_CPU_DEMAP_VECTOR_INL_H_
#undef PADO_KERNELS_CPU_DEMAP_VECTOR_INL_H_
#else
#define PADO_KERNELS_CPU_DEMAP_VECTOR_INL_H_
#endif

#include <cstring>

#include "kernels/combine_and_demap.h"
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
// beyond the last LLR; the sequence is read up to 8 bytes beyond. Returns how many LLRs are +-127.
HWY_INLINE std::size_t descramble(std::int8_t* llrs, int count, const std::uint32_t* sequence, int first_bit) {
  const hn::CappedTag<std::int8_t, 64> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(sequence);
  const auto limit = hn::Set(d, 127);
  std::size_t saturated = 0;
  for (int i = 0; i < count; i += lanes) {
    const int at = first_bit + i;
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes + at / 8, 8);
    if (at % 8 != 0) bits = (bits >> (at % 8)) | (static_cast<std::uint64_t>(bytes[at / 8 + 8]) << (64 - at % 8));
    std::uint8_t mask_bytes[8];
    std::memcpy(mask_bytes, &bits, 8);
    auto flip = hn::LoadMaskBits(d, mask_bytes);
    const auto v = hn::LoadU(d, llrs + i);
    auto at_limit = hn::Eq(hn::Abs(v), limit);
    if (count - i < lanes) {
      const auto valid = hn::FirstN(d, static_cast<std::size_t>(count - i));
      flip = hn::And(flip, valid);
      at_limit = hn::And(at_limit, valid);
    }
    saturated += hn::CountTrue(d, at_limit);
    hn::StoreU(hn::IfThenElse(flip, hn::Neg(v), v), d, llrs + i);
  }
  return saturated;
}

constexpr float half_distance(int bits) {  // of a constellation of unit mean energy
  return bits == 2 ? 0.70710678F : bits == 4 ? 0.31622777F : bits == 6 ? 0.15430335F : 0.07669650F;
}

HWY_INLINE hn::Mask<D> lanes_in_use(int k, int valid, DataComb comb) {
  const D d;
  HWY_ALIGN float use[hn::MaxLanes(D())];
  for (int i = 0; i < static_cast<int>(hn::Lanes(d)); ++i)
    use[i] = i < valid && carries_data(comb, k + i) ? 1.0F : 0.0F;
  return hn::Gt(hn::Load(d, use), hn::Zero(d));
}

// What a combined symbol z of gain g becomes: bytes of LLRs, and the squared distance to the nearest point in squared
// half distances. steps: LLR steps of the squared half distance.
template <int kBits, class VI>
HWY_INLINE V demap_symbol(C z, C g, V power, V steps, VI* byte) {
  const D d;
  const V to_levels = hn::Div(hn::Set(d, 1 / half_distance(kBits)), power);
  V u = hn::Mul(hn::MulAdd(z.re, g.re, hn::Mul(z.im, g.im)), to_levels);
  V v = hn::Mul(hn::NegMulAdd(z.re, g.im, hn::Mul(z.im, g.re)), to_levels);
  // What is not finite is an erasure: its LLRs are 0. So large a sum cannot come from samples.
  const auto finite = hn::Lt(hn::MulAdd(u, u, hn::MulAdd(v, v, steps)), hn::Set(d, 1e30F));
  u = hn::IfThenElseZero(finite, u);
  v = hn::IfThenElseZero(finite, v);
  steps = hn::IfThenElseZero(finite, steps);
  V in_phase[kBits / 2], quadrature[kBits / 2], error_re, error_im;
  demap_axis<kBits / 2>(u, in_phase, error_re);
  demap_axis<kBits / 2>(v, quadrature, error_im);
  for (int bit = 0; bit < kBits / 2; ++bit) {
    byte[2 * bit] = to_byte(hn::Mul(in_phase[bit], steps));
    byte[2 * bit + 1] = to_byte(hn::Mul(quadrature[bit], steps));
  }
  return hn::IfThenElseZero(finite, hn::MulAdd(error_re, error_re, hn::Mul(error_im, error_im)));
}

// A combined symbol's gain is g = s / (1 + s) and its noise g (1 - g) = s / (1 + s)^2, for SINR s: the inverse of that.
HWY_INLINE V inverse_noise_of(V sinr) {
  const D d;
  const V one_and_sinr = hn::Add(hn::Set(d, 1.0F), sinr);
  const V above = hn::Mul(one_and_sinr, one_and_sinr);
  return hn::IfThenElseZero(hn::Gt(sinr, hn::Zero(d)), hn::Div(above, hn::Max(sinr, hn::Set(d, 1e-20F))));
}

// Mean over groups and rows.
inline float mean_sinr(const DemapShape& shape, const DemapArgs<Backend>& args) {
  float sinr = 0;
  const int groups = shape.subcarriers / kGroupSubcarriers, rows = kHalves * shape.layers;
  for (int row = 0; row < rows; ++row)
    for (int g = 0; g < groups; ++g) sinr += args.sinr[static_cast<std::size_t>(row * shape.group_stride + g)];
  return sinr / static_cast<float>(rows * groups);
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
