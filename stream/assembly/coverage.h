// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pado::stream {

/// Which samples of one antenna's slot have come: a bit a sample.
class Coverage {
 public:
  explicit Coverage(int samples) : words_((static_cast<std::size_t>(samples) + 63) / 64) {}

  void clear() noexcept { std::ranges::fill(words_, 0); }

  /// Marks [first, first + count); returns how many of them are new.
  int mark(int first, int count) noexcept {
    int fresh = 0;
    for_words(first, count, [&](std::size_t word, std::uint64_t bits) {
      fresh += std::popcount(bits & ~words_[word]);
      words_[word] |= bits;
    });
    return fresh;
  }

  /// How many of [first, first + count) are missing.
  [[nodiscard]] int missing(int first, int count) const noexcept {
    int gaps = 0;
    for_words(first, count, [&](std::size_t word, std::uint64_t bits) { gaps += std::popcount(bits & ~words_[word]); });
    return gaps;
  }

  /// Calls visit(sample) for each missing sample of the first `samples`.
  template <class Visit>
  void for_each_missing(int samples, Visit&& visit) const noexcept {
    for_words(0, samples, [&](std::size_t word, std::uint64_t bits) {
      for (std::uint64_t gaps = bits & ~words_[word]; gaps != 0; gaps &= gaps - 1)
        visit(static_cast<int>(64 * word) + std::countr_zero(gaps));
    });
  }

 private:
  // The words that hold [first, first + count), each with the bits of the range.
  template <class Visit>
  static void for_words(int first, int count, Visit&& visit) {
    for (int at = first; at < first + count;) {
      const int in_word = at % 64, bits = std::min(64 - in_word, first + count - at);
      const std::uint64_t mask = (bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1) << in_word;
      visit(static_cast<std::size_t>(at / 64), mask);
      at += bits;
    }
  }

  std::vector<std::uint64_t> words_;
};

}  // namespace pado::stream
