// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/crc.h"

#include <random>

#include "kernels/cpu/folded_crc.h"
#include "kernels/encode_ldpc.h"
#include "phy/nr/segmentation.h"
#include "tests/catch.h"
#include "tests/kernels/code_word.h"
#include "tests/kernels/instruction_sets.h"
#include "tests/reference/crc.h"

using namespace pado;

namespace {

struct Printed {
  nr::CrcGenerator generator;
  reference::Bits polynomial;  // from the exponents of TS 38.212, 5.1
};
const std::vector<Printed>& printed() {
  static const std::vector<Printed> all = {
      {nr::kCrc24A, reference::generator({24, 23, 18, 17, 14, 11, 10, 7, 6, 5, 4, 3, 1, 0})},
      {nr::kCrc24B, reference::generator({24, 23, 6, 5, 1, 0})},
      {nr::kCrc24C, reference::generator({24, 23, 21, 20, 17, 15, 13, 12, 8, 4, 2, 1, 0})},
      {nr::kCrc16, reference::generator({16, 12, 5, 0})},
      {nr::kCrc11, reference::generator({11, 10, 9, 5, 0})},
      {nr::kCrc6, reference::generator({6, 5, 0})},
  };
  return all;
}

std::uint32_t parity(const Crc& crc, const reference::Bits& bits) {
  std::vector<std::uint8_t> packed((bits.size() + 7) / 8);
  pack_bits(bits, packed);
  return crc.parity(packed, bits.size());
}

}  // namespace

TEST_CASE("crc: every polynomial of the standard divides as printed, at any length", "[kernels][crc]") {
  std::mt19937 rng(1);
  for (const auto& [generator, polynomial] : printed()) {
    const Crc crc({generator.polynomial, generator.bits});
    for (const std::size_t length : {1, 5, 7, 8, 9, 24, 63, 64, 65, 129, 1000, 3824}) {
      const auto bits = tests::random_bits(length, rng);
      const auto expected = reference::crc(bits, polynomial);
      std::uint32_t value = 0;
      for (const auto bit : expected) value = value * 2 + bit;
      CHECK(parity(crc, bits) == value);
    }
  }
}

TEST_CASE("crc: a message with its parity bits leaves nothing, one with a flipped bit does not", "[kernels][crc]") {
  std::mt19937 rng(2);
  for (const auto& [generator, polynomial] : printed()) {
    const Crc crc({generator.polynomial, generator.bits});
    auto bits = tests::random_bits(777, rng);
    const auto check = reference::crc(bits, polynomial);
    bits.insert(bits.end(), check.begin(), check.end());
    CHECK(parity(crc, bits) == 0);
    bits[300] ^= 1;
    CHECK(parity(crc, bits) != 0);
  }
}

TEST_CASE("crc: folded by carry-less multiplication it is the same, on every instruction set", "[kernels][crc]") {
  std::mt19937 rng(2);
  for (const auto& [generator, polynomial] : printed()) {
    const CrcPolynomial p{generator.polynomial, generator.bits};
    const Crc plain(p);
    for (const std::size_t length : {1, 900, 1023, 1024, 1025, 1535, 1536, 1543, 8400, 8424, 30000}) {
      const auto bits = tests::random_bits(length, rng);
      std::vector<std::uint8_t> packed((bits.size() + 7) / 8);
      pack_bits(bits, packed);
      tests::for_each_instruction_set(
          [&] { CHECK(cpu::FoldedCrc(p).parity(packed, length) == plain.parity(packed, length)); });
    }
  }
}
