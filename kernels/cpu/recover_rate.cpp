// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/recover_rate.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/ldpc_scratch.h"
#include "kernels/cpu/scratch.h"
#include "kernels/cpu/simd.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/recover_rate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// rows[row][column] = llrs[column][row]: undoes the interleaver for a tile. The vector loops leave a rest, which the
// last lines take.
template <int kRows>
void transpose(const std::int8_t* HWY_RESTRICT llrs, std::size_t columns, std::int8_t* HWY_RESTRICT rows) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto* in = reinterpret_cast<const std::uint8_t*>(llrs);
  auto* out = reinterpret_cast<std::uint8_t*>(rows);
  const auto row = [out](std::size_t r) { return out + r * kRateTileColumns; };
  std::size_t c = 0;
  if constexpr (kRows == 2) {
    for (; c + lanes <= columns; c += lanes) {
      hn::Vec<decltype(d)> v0, v1;
      hn::LoadInterleaved2(d, in + 2 * c, v0, v1);
      hn::StoreU(v0, d, row(0) + c);
      hn::StoreU(v1, d, row(1) + c);
    }
  } else if constexpr (kRows == 4) {
    for (; c + lanes <= columns; c += lanes) {
      hn::Vec<decltype(d)> v0, v1, v2, v3;
      hn::LoadInterleaved4(d, in + 4 * c, v0, v1, v2, v3);
      hn::StoreU(v0, d, row(0) + c);
      hn::StoreU(v1, d, row(1) + c);
      hn::StoreU(v2, d, row(2) + c);
      hn::StoreU(v3, d, row(3) + c);
    }
  } else if constexpr (kRows == 6 || kRows == 8) {  // halves: lane t of part p is row p for even t, p + kRows/2 for odd
    constexpr std::size_t kParts = kRows / 2;
    for (; c + lanes <= columns; c += lanes) {
      HWY_ALIGN std::uint8_t halves[kParts][2 * HWY_MAX_BYTES];
      for (std::size_t half = 0; half < 2; ++half) {
        const std::uint8_t* from = in + kRows * c + half * kParts * lanes;
        hn::Vec<decltype(d)> v0, v1, v2, v3;
        if constexpr (kParts == 3)
          hn::LoadInterleaved3(d, from, v0, v1, v2);
        else
          hn::LoadInterleaved4(d, from, v0, v1, v2, v3);
        hn::StoreU(v0, d, halves[0] + half * lanes);
        hn::StoreU(v1, d, halves[1] + half * lanes);
        hn::StoreU(v2, d, halves[2] + half * lanes);
        if constexpr (kParts == 4) hn::StoreU(v3, d, halves[3] + half * lanes);
      }
      for (std::size_t part = 0; part < kParts; ++part) {
        hn::Vec<decltype(d)> even, odd;
        hn::LoadInterleaved2(d, halves[part], even, odd);
        hn::StoreU(even, d, row(part) + c);
        hn::StoreU(odd, d, row(part + kParts) + c);
      }
    }
  }
  for (; c < columns; ++c) {
    for (std::size_t r = 0; r < kRows; ++r) row(r)[c] = in[c * kRows + r];
  }
}

void transpose_tile(int rows, const std::int8_t* llrs, std::size_t columns, std::int8_t* out) {
  if (rows == 2) return transpose<2>(llrs, columns, out);
  if (rows == 4) return transpose<4>(llrs, columns, out);
  if (rows == 6) return transpose<6>(llrs, columns, out);
  if (rows == 8) return transpose<8>(llrs, columns, out);
  std::copy_n(llrs, columns, out);  // one bit a symbol
}

void add_saturated(const std::int8_t* HWY_RESTRICT from, std::size_t count, std::int8_t* HWY_RESTRICT to) {
  const hn::ScalableTag<std::int8_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto lowest = hn::Set(d, std::int8_t{-127});
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto sum = hn::SaturatedAdd(hn::LoadU(d, from + i), hn::LoadU(d, to + i));
    hn::StoreU(hn::Max(sum, lowest), d, to + i);
  }
  for (; i < count; ++i) to[i] = static_cast<std::int8_t>(std::clamp(from[i] + to[i], -127, 127));
}

}  // namespace
}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(transpose_tile);
HWY_EXPORT(add_saturated);

// The circular buffer without its filler bits: rank r is the r-th bit that can be sent.
struct UnfilledBuffer {
  explicit UnfilledBuffer(const RateShape& shape)
      : filler_start(std::min(shape.filler_start, shape.buffer_bits)),
        fillers(std::clamp(shape.buffer_bits - shape.filler_start, 0, shape.fillers)),
        size(shape.buffer_bits - fillers),
        start(shape.start < filler_start ? shape.start : std::max(shape.start, filler_start + fillers) - fillers) {
    if (start >= size) start = 0;
  }
  [[nodiscard]] int position(int rank) const { return rank < filler_start ? rank : rank + fillers; }

  int filler_start, fillers, size;
  int start;  // rank of k_0
};

// One code block's soft bits while its transmission is laid into them.
class SoftBlock {
 public:
  SoftBlock(const RateShape& shape, const UnfilledBuffer& buffer, int bits, std::int8_t* soft)
      : buffer_(buffer), soft_(soft), add_(shape.combine || bits > buffer.size) {
    if (!shape.combine) clear_unsent(bits, shape.soft_stride);
    std::memset(soft + shape.filler_start, 127, static_cast<std::size_t>(shape.fillers));
  }

  // Takes selected bits e(first), e(first + 1), ...
  void take(const std::int8_t* llrs, int first, int count) noexcept {
    int rank = (buffer_.start + first) % buffer_.size;
    while (count > 0) {
      const int end = rank < buffer_.filler_start ? buffer_.filler_start : buffer_.size;
      const int piece = std::min(count, end - rank);
      std::int8_t* to = soft_ + buffer_.position(rank);
      if (add_)
        HWY_DYNAMIC_DISPATCH(add_saturated)(llrs, static_cast<std::size_t>(piece), to);
      else
        std::memcpy(to, llrs, static_cast<std::size_t>(piece));
      llrs += piece;
      count -= piece;
      rank = rank + piece == buffer_.size ? 0 : rank + piece;
    }
  }

 private:
  void clear_unsent(int bits, int stride) noexcept {
    const auto clear = [this](int from, int to) {
      if (to > from) std::memset(soft_ + from, 0, static_cast<std::size_t>(to - from));
    };
    const int end = buffer_.start + bits;
    if (bits > buffer_.size) {  // repeated bits add up from zero
      clear(0, stride);
    } else if (end <= buffer_.size) {
      clear(0, buffer_.position(buffer_.start));
      clear(end == 0 ? 0 : buffer_.position(end - 1) + 1, stride);
    } else {
      clear(buffer_.position(end - buffer_.size - 1) + 1, buffer_.position(buffer_.start));
      clear(buffer_.position(buffer_.size - 1) + 1, stride);
    }
  }

  const UnfilledBuffer& buffer_;
  std::int8_t* soft_;
  bool add_;
};

}  // namespace

void recover_rate(Backend& on, const RateShape& shape, const RateArgs<Backend>& args) noexcept {
  std::int8_t* tile = on.scratch().ldpc.rate_tile.view().data();
  const UnfilledBuffer buffer(shape);
  const std::int8_t* llrs = args.llrs.data();
  for (int block = 0; block < shape.code_blocks; ++block) {
    const int bits = block < shape.short_blocks ? shape.short_bits : shape.long_bits;
    const int columns = bits / shape.bits_per_symbol;
    SoftBlock soft(shape, buffer, bits, args.soft.data() + static_cast<std::ptrdiff_t>(block) * shape.soft_stride);
    for (int first = 0; first < columns; first += kRateTileColumns) {
      const int count = std::min(kRateTileColumns, columns - first);
      HWY_DYNAMIC_DISPATCH(transpose_tile)
      (shape.bits_per_symbol, llrs + static_cast<std::ptrdiff_t>(first) * shape.bits_per_symbol,
       static_cast<std::size_t>(count), tile);
      for (int row = 0; row < shape.bits_per_symbol; ++row) {
        soft.take(tile + row * kRateTileColumns, row * columns + first, count);
      }
    }
    llrs += bits;
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
