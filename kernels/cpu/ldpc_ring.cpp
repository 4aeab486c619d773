// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/ldpc_ring.h"

#include <cstring>

#include "kernels/cpu/simd.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/ldpc_ring.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
const hn::ScalableTag<std::int8_t> kInt8;
const hn::RebindToUnsigned<decltype(kInt8)> kUint8;

// Sign bits of consecutive bytes, eight to a byte, the first one on top. Whole vectors.
HWY_INLINE void pack_signs(hn::Vec<decltype(kInt8)> bytes, std::uint8_t* out) {
  HWY_ALIGN static constexpr std::uint8_t kReversed[16] = {7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8};
  const auto order = hn::LoadDup128(kUint8, kReversed);
  const auto reversed = hn::TableLookupBytes(bytes, hn::BitCast(kInt8, order));
  hn::StoreMaskBits(kInt8, hn::Lt(reversed, hn::Zero(kInt8)), out);
}

// May write a vector's bits more than asked for.
void pack_hard_bits(const LdpcSchedule& schedule, int after, int bits, LdpcScratch& scratch) {
  const std::size_t width = hn::Lanes(kInt8);
  const auto ring_bytes = static_cast<std::size_t>(schedule.ring.bytes);
  const auto blocks = static_cast<std::size_t>(schedule.ring.blocks);
  std::int8_t* flat = scratch.interleave[0].view().data();  // [bit][ring block]
  std::uint8_t* out = scratch.hard_bits.view().data();
  const std::size_t wanted = static_cast<std::size_t>(bits) * blocks;
  const bool direct = blocks == 1 && ring_bytes % 8 == 0;
  for (std::size_t c = 0; c * ring_bytes < wanted; ++c) {
    const std::int8_t* column =
        scratch.posteriors.view().data() + schedule.final_buffer[static_cast<std::size_t>(after)][c];
    std::size_t from = schedule.final_rotation[c];
    for (std::size_t at = 0; at < ring_bytes;
         at += width) {  // in ascending order: what is beyond a column gets overwritten
      const auto v = hn::LoadU(kInt8, column + from);
      if (direct)
        pack_signs(v, out + (c * ring_bytes + at) / 8);
      else
        hn::StoreU(v, kInt8, flat + c * ring_bytes + at);
      from += width;
      if (from >= ring_bytes) from -= ring_bytes;
    }
  }
  if (direct) return;
  if (blocks == 1) {
    for (std::size_t at = 0; at < wanted; at += width) pack_signs(hn::LoadU(kInt8, flat + at), out + at / 8);
    return;
  }
  const auto one = hn::Set(kUint8, std::uint8_t{1});
  for (std::size_t byte = 0; byte * 8 < static_cast<std::size_t>(bits); ++byte) {
    auto packed = hn::Zero(kUint8);  // lane b: block b
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const auto v = hn::BitCast(kUint8, hn::LoadU(kInt8, flat + (byte * 8 + bit) * blocks));
      packed = hn::Or(hn::Add(packed, packed), hn::And(hn::ShiftRight<7>(v), one));
    }
    hn::StoreU(packed, kUint8, out + byte * blocks);
  }
}

// to[2 i] = even[i], to[2 i + 1] = odd[i]; in steps of 16 bytes of each.
void interleave_two(const std::int8_t* HWY_RESTRICT even, const std::int8_t* HWY_RESTRICT odd, std::size_t count,
                    std::int8_t* HWY_RESTRICT to) {
  const hn::FixedTag<std::int8_t, 16> d;
  for (std::size_t i = 0; i < count; i += 16) {
    const auto a = hn::LoadU(d, even + i);
    const auto b = hn::LoadU(d, odd + i);
    hn::StoreU(hn::InterleaveLower(d, a, b), d, to + 2 * i);
    hn::StoreU(hn::InterleaveUpper(d, a, b), d, to + 2 * i + 16);
  }
}

}  // namespace
}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(pack_hard_bits);
HWY_EXPORT(interleave_two);

// The blocks' soft bits, byte by byte by turns: pairs of streams that lie half of them apart, until one is left.
const std::int8_t* interleave(const std::int8_t* soft, std::size_t stride, std::size_t count, std::size_t blocks,
                              std::size_t bits, LdpcScratch& scratch) noexcept {
  const auto soft_of = [&](std::size_t b) { return b < count ? soft + b * stride : scratch.no_block.view().data(); };
  std::size_t streams = blocks / 2, turn = 0, length = (bits + 15) / 16 * 16;
  for (std::size_t b = 0; b < streams; ++b) {
    HWY_DYNAMIC_DISPATCH(interleave_two)
    (soft_of(b), soft_of(b + streams), length, scratch.interleave[0].view().data() + b * 2 * length);
  }
  while (streams > 1) {
    length *= 2;
    streams /= 2;
    const std::int8_t* from = scratch.interleave[turn].view().data();
    turn = 1 - turn;
    std::int8_t* to = scratch.interleave[turn].view().data();
    for (std::size_t b = 0; b < streams; ++b) {
      HWY_DYNAMIC_DISPATCH(interleave_two)
      (from + b * length, from + (b + streams) * length, length, to + b * 2 * length);
    }
  }
  return scratch.interleave[turn].view().data();
}

}  // namespace

void load_ring(const LdpcSchedule& schedule, const std::int8_t* soft, std::size_t stride, int count,
               LdpcScratch& scratch) noexcept {
  const auto ring = static_cast<std::size_t>(schedule.ring.bytes);
  const auto blocks = static_cast<std::size_t>(schedule.ring.blocks);
  const auto lanes = static_cast<std::size_t>(schedule.lanes);
  const auto core_columns = static_cast<std::size_t>(schedule.core_columns);
  const auto extensions = static_cast<std::size_t>(schedule.layer_count - kLdpcCoreRows);
  const std::int8_t* sent = soft;  // [column from 2 on][ring]
  if (blocks > 1) {
    const std::size_t bits = (core_columns - 2 + extensions) * (ring / blocks);
    sent = interleave(soft, stride, static_cast<std::size_t>(count), blocks, bits, scratch);
  }
  const auto buffers = 2 * static_cast<std::size_t>(schedule.column_stride);
  std::int8_t* column = scratch.posteriors.view().data();
  for (std::size_t c = 0; c < core_columns; ++c, column += buffers) {
    if (c < 2) {  // never sent
      std::memset(column, 0, ring + lanes);
      continue;
    }
    std::memcpy(column, sent, ring);
    std::memcpy(column + ring, sent, lanes);
    sent += ring;
  }
  std::int8_t* extension = scratch.extension.view().data();
  for (std::size_t row = 0; row < extensions; ++row, sent += ring) {
    std::memcpy(extension, sent, ring);
    extension += static_cast<std::size_t>(schedule.ring.vectors) * lanes;
  }
}

void pack_ring(const LdpcSchedule& schedule, int after, int bits, LdpcScratch& scratch) noexcept {
  HWY_DYNAMIC_DISPATCH(pack_hard_bits)(schedule, after, bits, scratch);
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
