// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/gold_sequence.h"

#include <vector>

#include "tests/catch.h"
#include "tests/reference/gold_sequence.h"

using namespace pado;

TEST_CASE("gold sequence: any seed and any first bit give the printed sequence", "[kernels][gold]") {
  for (const std::uint32_t seed : {0U, 1U, 0x12345678U, 0x7fffffffU, 46U * 32768 + 500}) {
    const auto expected = reference::gold_sequence(seed, 40000);
    for (const std::size_t first : {0U, 1U, 31U, 32U, 33U, 1000U, 4095U, 20011U}) {
      std::vector<std::uint32_t> words(600);
      fill_gold_sequence(seed, first, words);
      int wrong = 0;
      for (std::size_t i = 0; i < words.size() * 32; ++i)
        wrong += ((words[i / 32] >> (i % 32)) & 1) != expected[first + i];
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("gold sequence: it repeats after 2^31 - 1 bits", "[kernels][gold]") {
  std::vector<std::uint32_t> begin(4), later(4);
  fill_gold_sequence(99, 5, begin);
  fill_gold_sequence(99, 5 + 3 * ((std::uint64_t{1} << 31) - 1), later);
  CHECK(begin == later);
}
