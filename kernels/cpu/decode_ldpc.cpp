// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/decode_ldpc.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/ldpc_ring.h"
#include "kernels/cpu/ldpc_scratch.h"
#include "kernels/cpu/scratch.h"
#include "kernels/cpu/simd.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/decode_ldpc.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Layered offset min-sum on bytes, the lanes of a vector across the checks of a row. What shapes it: 12 operations and
// two stores an edge and vector are the bound, so columns are never rotated back between rows (LdpcSchedule), messages
// lie in the order of use, and the loops over a row's edges are unrolled with all of its inputs in registers.

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
const hn::ScalableTag<std::int8_t> kInt8;
const hn::RebindToUnsigned<decltype(kInt8)> kUint8;
using Int8 = hn::Vec<decltype(kInt8)>;
using Uint8 = hn::Vec<decltype(kUint8)>;

int lanes() { return static_cast<int>(hn::Lanes(kInt8)); }

// Scaling in steps of 1/6 nat: the outgoing magnitude is max(0, m - round(m/8) - 2), m at most 47. The largest message
// stays far below the posteriors' saturation, or blocks that were right would decay again.
constexpr std::uint8_t kClip = 47;
constexpr std::uint8_t kOffset = 2;

HWY_INLINE Uint8 scale(Uint8 magnitude) {
  const auto eighth = hn::ShiftRight<3>(hn::Add(magnitude, hn::Set(kUint8, std::uint8_t{4})));
  return hn::SaturatedSub(hn::Sub(magnitude, eighth), hn::Set(kUint8, kOffset));
}

// Zero counts as positive.
HWY_INLINE Int8 negate_where_negative(Int8 sign, Int8 value) {
#if HWY_ARCH_X86 && HWY_TARGET >= HWY_SSSE3
  // Without an instruction that blends by the top bit, Highway 1.0.3 blends bit by bit here.
  const Int8 flip = hn::BroadcastSignBit(sign);
  return hn::Sub(hn::Xor(value, flip), flip);
#else
  return hn::IfNegativeThenElse(sign, hn::Neg(value), value);
#endif
}

HWY_INLINE Uint8 magnitude(Int8 v) { return hn::BitCast(kUint8, hn::Abs(v)); }

struct LayerArgs {
  const std::uint16_t* reads;
  const std::uint16_t* writes;
  std::int8_t* posteriors;
  const std::int8_t* extension;
  std::int8_t* messages;
  int vectors, ring_bytes;
};

template <int kDegree, bool kExtension, bool kFirst>
void update_layer(const LayerArgs& args) {
  const std::size_t width = hn::Lanes(kInt8);
  const std::uint16_t* HWY_RESTRICT reads = args.reads;
  const std::uint16_t* HWY_RESTRICT writes = args.writes;
  std::int8_t* messages = args.messages;
  for (int v = args.vectors - 1; v >= 0; --v) {
    std::int8_t* posteriors = args.posteriors;
    Int8 inputs[kDegree];
    Uint8 min1 = hn::Set(kUint8, kClip);
    Uint8 min2 = min1;
    Int8 sign = hn::Zero(kInt8);
    if constexpr (kExtension) {
      sign = hn::Load(kInt8, args.extension + static_cast<std::size_t>(v) * width);
      min1 = hn::Min(min1, magnitude(sign));
    }
    HWY_UNROLL(32)
    for (int e = 0; e < kDegree; ++e) {
      inputs[e] = hn::LoadU(kInt8, posteriors + reads[e]);
      if constexpr (!kFirst) {
        inputs[e] = hn::SaturatedSub(inputs[e], hn::Load(kInt8, messages + static_cast<std::size_t>(e) * width));
      }
      const Uint8 a = magnitude(inputs[e]);
      min2 = hn::Min(min2, hn::Max(min1, a));
      min1 = hn::Min(min1, a);
      sign = hn::Xor(sign, inputs[e]);
    }
    const Int8 out1 = negate_where_negative(sign, hn::BitCast(kInt8, scale(min1)));
    const Int8 out2 = negate_where_negative(sign, hn::BitCast(kInt8, scale(min2)));
    std::int8_t* to = posteriors + static_cast<std::size_t>(v) * width;
    HWY_UNROLL(32)
    for (int e = 0; e < kDegree; ++e) {
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
      asm("" : "+x"(inputs[e].raw));  // 16 registers: take the magnitude again rather than keep it
#endif
      const auto is_min = hn::RebindMask(kInt8, hn::Eq(magnitude(inputs[e]), min1));
      const Int8 message = negate_where_negative(inputs[e], hn::IfThenElse(is_min, out2, out1));
      hn::Store(message, kInt8, messages + static_cast<std::size_t>(e) * width);
      hn::Store(hn::SaturatedAdd(inputs[e], message), kInt8, to + writes[e]);
    }
    reads += kDegree;
    messages += kDegree * width;
  }
  // A ring's head is repeated behind its end, where the last vector left what lies beyond it.
  for (int e = 0; e < kDegree; ++e) {
    std::int8_t* column = args.posteriors + writes[e];
    hn::StoreU(hn::Load(kInt8, column), kInt8, column + args.ring_bytes);
  }
}

template <bool kFirst>
void update_layer(int degree, bool extension, const LayerArgs& args) {
  if (!extension) {
    if (degree == 19) return update_layer<19, false, kFirst>(args);
    if (degree == 10) return update_layer<10, false, kFirst>(args);
    return update_layer<8, false, kFirst>(args);
  }
  switch (degree) {
    case 2:
      return update_layer<2, true, kFirst>(args);
    case 3:
      return update_layer<3, true, kFirst>(args);
    case 4:
      return update_layer<4, true, kFirst>(args);
    case 5:
      return update_layer<5, true, kFirst>(args);
    case 6:
      return update_layer<6, true, kFirst>(args);
    case 7:
      return update_layer<7, true, kFirst>(args);
    case 8:
      return update_layer<8, true, kFirst>(args);
    default:
      return update_layer<9, true, kFirst>(args);
  }
}

void iterate(const LdpcSchedule& schedule, LdpcSchedule::Pass pass, LdpcScratch& scratch) {
  const std::size_t width = hn::Lanes(kInt8);
  const auto vectors = static_cast<std::size_t>(schedule.ring.vectors);
  LayerArgs args{.reads = schedule.reads[pass].view().data(),
                 .writes = schedule.writes[pass].data(),
                 .posteriors = scratch.posteriors.view().data(),
                 .extension = nullptr,
                 .messages = scratch.messages.view().data(),
                 .vectors = schedule.ring.vectors,
                 .ring_bytes = schedule.ring.bytes};
  for (int l = 0; l < schedule.layer_count; ++l) {
    const LdpcLayer& layer = schedule.layers[static_cast<std::size_t>(l)];
    if (layer.has_extension) {
      args.extension =
          scratch.extension.view().data() + static_cast<std::size_t>(layer.row - kLdpcCoreRows) * vectors * width;
    }
    if (pass == LdpcSchedule::first)
      update_layer<true>(layer.degree, layer.has_extension, args);
    else
      update_layer<false>(layer.degree, layer.has_extension, args);
    args.reads += layer.degree * vectors;
    args.writes += layer.degree;
    args.messages += layer.degree * vectors * width;
  }
}

// Whether a core row is violated in each of the ring's blocks; a lone block's search ends at the first one.
void find_violated(const LdpcSchedule& schedule, int after, const std::int8_t* posteriors, bool* violated) {
  const std::size_t width = hn::Lanes(kInt8);
  const LdpcRing& ring = schedule.ring;
  std::fill_n(violated, ring.blocks, false);
  const std::uint16_t* reads = schedule.check_reads[static_cast<std::size_t>(after)].view().data();
  auto any = hn::Zero(kInt8);
  for (const int degree : schedule.check_degree) {
    for (int v = ring.vectors - 1; v >= 0; --v) {
      auto parity = hn::LoadU(kInt8, posteriors + reads[0]);
      for (int e = 1; e < degree; ++e) parity = hn::Xor(parity, hn::LoadU(kInt8, posteriors + reads[e]));
      reads += degree;
      const std::size_t inside = static_cast<std::size_t>(ring.bytes) - static_cast<std::size_t>(v) * width;
      if (inside < width) parity = hn::IfThenElseZero(hn::FirstN(kInt8, inside), parity);
      any = hn::Or(any, parity);
      if (ring.blocks == 1 && !hn::AllFalse(kInt8, hn::Lt(parity, hn::Zero(kInt8)))) {
        violated[0] = true;
        return;
      }
    }
  }
  HWY_ALIGN std::int8_t lane[HWY_MAX_BYTES];
  hn::Store(any, kInt8, lane);
  for (std::size_t i = 0; i < width; ++i) violated[i % static_cast<std::size_t>(ring.blocks)] |= lane[i] < 0;
}

}  // namespace
}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(lanes);
HWY_EXPORT(iterate);
HWY_EXPORT(find_violated);

constexpr std::size_t kMaxRingBlocks = 64;

// Consecutive code blocks that share a ring, from soft bits to results.
class RingDecoder {
 public:
  RingDecoder(const LdpcShape& shape, const LdpcArgs<Backend>& args, const LdpcSchedule& schedule, LdpcScratch& scratch)
      : shape_(shape), args_(args), schedule_(schedule), scratch_(scratch) {}

  void decode(int first_block, int count) noexcept {
    first_block_ = first_block;
    count_ = count;
    const auto stride = static_cast<std::size_t>(shape_.soft_stride);
    const std::int8_t* soft = args_.soft.data() + static_cast<std::size_t>(first_block) * stride;
    load_ring(schedule_, soft, stride, count, scratch_);
    std::fill_n(finished_, count, false);
    int pending = count;
    const int iterations = std::max(shape_.max_iterations, 1);
    for (int iteration = 0; iteration < iterations && pending > 0; ++iteration) {
      const auto pass = iteration == 0       ? LdpcSchedule::first
                        : iteration % 2 == 1 ? LdpcSchedule::odd
                                             : LdpcSchedule::even;
      HWY_DYNAMIC_DISPATCH(iterate)(schedule_, pass, scratch_);
      const bool last = iteration + 1 == iterations;
      if (shape_.early_stop || last) pending -= finish(iteration, last);
    }
  }

 private:
  // Takes the results of blocks that are right, or at the last iteration of all; says how many.
  int finish(int iteration, bool last) noexcept {
    const int after = iteration % 2;
    bool violated[kMaxRingBlocks];
    HWY_DYNAMIC_DISPATCH(find_violated)(schedule_, after, scratch_.posteriors.view().data(), violated);
    bool packed = false;
    int taken = 0;
    for (int b = 0; b < count_; ++b) {
      if (finished_[b] || (violated[b] && !last)) continue;
      if (!packed) pack_ring(schedule_, after, shape_.information_bits, scratch_);
      packed = true;
      copy_bits(b);
      if (is_unknown(b, after)) violated[b] = true;
      const bool crc_ok = !violated[b] && crc_holds(b);
      if (!crc_ok && !last) continue;
      args_.results[static_cast<std::size_t>(first_block_ + b)] = {
          .iterations = static_cast<std::uint8_t>(iteration + 1), .parity_ok = !violated[b], .crc_ok = crc_ok};
      finished_[b] = true;
      ++taken;
    }
    return taken;
  }

  std::uint8_t* bits_of(int b) const noexcept {
    return args_.bits.data() + static_cast<std::ptrdiff_t>(first_block_ + b) * shape_.bits_stride;
  }

  bool crc_holds(int b) const noexcept {
    if (shape_.crc.bits == 0) return true;
    const auto bits = static_cast<std::size_t>(shape_.information_bits);
    return scratch_.crc(shape_.crc).parity({bits_of(b), (bits + 7) / 8}, bits) == 0;
  }

  // The word of zeros fulfils all checks and every CRC, and bits of which nothing is known yet read as zero: it is the
  // block's word only where every bit of it has been heard of.
  bool is_unknown(int b, int after) const noexcept {
    const std::uint8_t* bits = bits_of(b);
    const int bytes = (shape_.information_bits + 7) / 8;
    if (std::any_of(bits, bits + bytes, [](std::uint8_t byte) { return byte != 0; })) return false;
    const int z = shape_.graph.lifting_size;
    for (int c = 0; c < shape_.graph.information_columns; ++c) {
      const std::int8_t* column = scratch_.posteriors.view().data() + b +
                                  schedule_.final_buffer[static_cast<std::size_t>(after)][static_cast<std::size_t>(c)];
      for (int i = 0; i < z; ++i) {
        if (column[static_cast<std::ptrdiff_t>(i) * schedule_.ring.blocks] == 0) return true;
      }
    }
    return false;
  }

  void copy_bits(int b) noexcept {
    const auto bytes = static_cast<std::size_t>(shape_.information_bits + 7) / 8;
    const auto blocks = static_cast<std::size_t>(schedule_.ring.blocks);
    const std::uint8_t* from = scratch_.hard_bits.view().data() + b;
    std::uint8_t* to = bits_of(b);
    if (blocks == 1)
      std::memcpy(to, from, bytes);
    else
      for (std::size_t i = 0; i < bytes; ++i) to[i] = from[i * blocks];
    if (shape_.information_bits % 8 != 0)
      to[bytes - 1] &= static_cast<std::uint8_t>(0xff00 >> (shape_.information_bits % 8));
  }

  const LdpcShape& shape_;
  const LdpcArgs<Backend>& args_;
  const LdpcSchedule& schedule_;
  LdpcScratch& scratch_;
  int first_block_ = 0, count_ = 0;
  bool finished_[kMaxRingBlocks];
};

}  // namespace

int ldpc_lanes() { return HWY_DYNAMIC_DISPATCH(lanes)(); }

void decode_ldpc(Backend& on, const LdpcShape& shape, const LdpcArgs<Backend>& args) noexcept {
  LdpcScratch& scratch = on.scratch().ldpc;
  const int rows = std::clamp(shape.rows, kLdpcCoreRows, shape.graph.rows);
  const LdpcSchedule& schedule = scratch.schedules.get(shape.graph, rows, shape.code_blocks);
  RingDecoder decoder(shape, args, schedule, scratch);
  for (int block = 0; block < shape.code_blocks; block += schedule.ring.blocks) {
    decoder.decode(block, std::min(schedule.ring.blocks, shape.code_blocks - block));
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
