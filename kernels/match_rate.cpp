// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/match_rate.h"

namespace pado {

void match_rate(const RateShape& shape, std::span<const std::uint8_t> sent, std::span<std::uint8_t> out) noexcept {
  const auto rows = static_cast<std::size_t>(shape.bits_per_symbol);
  const std::size_t columns = out.size() / rows;
  int position = shape.start;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      if (position >= shape.filler_start && position < shape.filler_start + shape.fillers) {
        position = shape.filler_start + shape.fillers;
      }
      if (position >= shape.buffer_bits) position = shape.filler_start == 0 ? shape.fillers : 0;
      out[column * rows + row] = sent[static_cast<std::size_t>(position++)];
    }
  }
}

}  // namespace pado
