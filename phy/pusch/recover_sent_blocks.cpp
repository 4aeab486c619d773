// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/recover_sent_blocks.h"

#include <algorithm>

namespace pado::pusch {
namespace {

std::span<std::int8_t> of_block(const RateShape& shape, int block, std::span<std::int8_t> soft) {
  const auto stride = static_cast<std::size_t>(shape.soft_stride);
  return soft.subspan(static_cast<std::size_t>(block) * stride, stride);
}

// Nothing is known but the fillers.
void clear(const RateShape& shape, int first, int end, std::span<std::int8_t> soft) noexcept {
  for (int block = first; block < end; ++block) {
    const std::span<std::int8_t> bits = of_block(shape, block, soft);
    std::ranges::fill(bits, std::int8_t{0});
    std::fill_n(bits.begin() + shape.filler_start, shape.fillers, std::int8_t{127});
  }
}

}  // namespace

void recover_sent_blocks(cpu::Backend& on, std::span<const nr::BlockRun> sent, const RateShape& shape,
                         std::span<const std::int8_t> llrs, std::span<std::int8_t> soft) noexcept {
  int next = 0, short_blocks = shape.short_blocks;
  for (const nr::BlockRun& run : sent) {
    if (!shape.combine) clear(shape, next, run.first, soft);
    RateShape part = shape;
    part.code_blocks = run.count;
    part.short_blocks = std::clamp(short_blocks, 0, run.count);
    short_blocks -= part.short_blocks;
    const std::size_t bits =
        static_cast<std::size_t>(part.short_blocks) * static_cast<std::size_t>(shape.short_bits) +
        static_cast<std::size_t>(run.count - part.short_blocks) * static_cast<std::size_t>(shape.long_bits);
    const std::size_t start = static_cast<std::size_t>(run.first) * static_cast<std::size_t>(shape.soft_stride);
    recover_rate(on, part, {.llrs = llrs.first(bits), .soft = soft.subspan(start)});
    llrs = llrs.subspan(bits);
    next = run.first + run.count;
  }
  if (!shape.combine) clear(shape, next, shape.code_blocks, soft);
}

}  // namespace pado::pusch
