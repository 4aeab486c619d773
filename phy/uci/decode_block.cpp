// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/uci/decode_block.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "phy/nr/block_code.h"

namespace pado::uci {
namespace {

constexpr int kWords = nr::kBlockCodeBits;
constexpr int kLinear = 6;  // the first sequences: all ones and a Reed-Muller code of first order over the rows

// Row of the Reed-Muller code in its natural order that each row of the table is: the bits of sequences 1 to 5.
constexpr std::array<int, kWords> kNaturalRow = [] {
  std::array<int, kWords> rows{};
  for (int i = 0; i < kWords; ++i) {
    for (int k = 1; k < kLinear; ++k) rows[i] |= static_cast<int>(nr::block_code_basis(i, k)) << (k - 1);
  }
  return rows;
}();

void decode_one(std::span<const std::int8_t> llrs, int bits_per_symbol, std::span<std::uint8_t> bits) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < llrs.size(); ++i)
    if (static_cast<int>(i) % bits_per_symbol < 2) sum += llrs[i];
  bits[0] = sum < 0;
}

void decode_two(std::span<const std::int8_t> llrs, int bits_per_symbol, std::span<std::uint8_t> bits) noexcept {
  std::array<int, 3> sums{};
  const int pair = std::min(bits_per_symbol, 2);
  for (int i = 0; i < static_cast<int>(llrs.size()); ++i) {
    const int symbol = i / bits_per_symbol, place = i % bits_per_symbol;
    if (place < pair) sums[static_cast<std::size_t>(symbol * pair + place) % 3] += llrs[static_cast<std::size_t>(i)];
  }
  int best = 0, best_metric = 0;
  for (int word = 0; word < 4; ++word) {
    const int c0 = word >> 1, c1 = word & 1;
    const int metric = (c0 ? -sums[0] : sums[0]) + (c1 ? -sums[1] : sums[1]) + (c0 != c1 ? -sums[2] : sums[2]);
    if (word == 0 || metric > best_metric) best = word, best_metric = metric;
  }
  bits[0] = static_cast<std::uint8_t>(best >> 1);
  bits[1] = static_cast<std::uint8_t>(best & 1);
}

// Correlation with all words of the first-order code: one fast Hadamard transform.
void hadamard(std::array<int, kWords>& values) noexcept {
  for (int half = 1; half < kWords; half *= 2) {
    for (int start = 0; start < kWords; start += 2 * half) {
      for (int i = start; i < start + half; ++i) {
        const int a = values[i], b = values[i + half];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
}

}  // namespace

void decode_block(std::span<const std::int8_t> llrs, int bits_per_symbol, std::span<std::uint8_t> bits) noexcept {
  if (bits.size() == 1) return decode_one(llrs, bits_per_symbol, bits);
  if (bits.size() == 2) return decode_two(llrs, bits_per_symbol, bits);
  std::array<int, kWords> sums{};
  for (std::size_t i = 0; i < llrs.size(); ++i) sums[i % kWords] += llrs[i];
  const int count = static_cast<int>(bits.size());
  const int linear = std::min(count, kLinear), masks = 1 << (count - linear);
  int best_metric = -1, best_word = 0;  // bit k: information bit k
  for (int mask = 0; mask < masks; ++mask) {
    std::array<int, kWords> values{};
    for (int i = 0; i < kWords; ++i) {
      bool flip = false;
      for (int k = kLinear; k < count; ++k) flip ^= (mask >> (k - kLinear) & 1) != 0 && nr::block_code_basis(i, k);
      values[kNaturalRow[i]] = flip ? -sums[i] : sums[i];
    }
    hadamard(values);
    for (int i = 0; i < 1 << (linear - 1); ++i) {
      if (std::abs(values[i]) <= best_metric) continue;
      best_metric = std::abs(values[i]);
      best_word = (values[i] < 0 ? 1 : 0) | i << 1 | mask << kLinear;
    }
  }
  for (int k = 0; k < count; ++k) bits[k] = static_cast<std::uint8_t>(best_word >> k & 1);
}

}  // namespace pado::uci
