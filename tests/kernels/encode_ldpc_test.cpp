// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/encode_ldpc.h"

#include <random>

#include "tests/catch.h"
#include "tests/kernels/code_word.h"
#include "tests/reference/ldpc.h"

using namespace pado;

TEST_CASE("encoder: every parity check of both graphs and all 51 lifting sizes holds", "[kernels][ldpc]") {
  std::mt19937 rng(3);
  for (const int base_graph : {1, 2}) {
    for (const int z : nr::lifting_sizes()) {
      const tests::LiftedGraph lifted(base_graph, z);
      const auto word = tests::random_code_word(lifted, lifted.information_bits(), {}, rng);
      std::vector<std::uint8_t> c(word.information.begin(), word.information.begin() + 2 * z);
      c.insert(c.end(), word.sent.begin(), word.sent.end());
      INFO("base graph " << base_graph << ", Z " << z);
      CHECK(reference::violated_checks(lifted.graph(), lifted.graph().rows, c) == 0);
      CHECK(std::equal(word.information.begin() + 2 * z, word.information.end(), word.sent.begin()));
    }
  }
}

TEST_CASE("bits: packing undoes unpacking", "[kernels]") {
  const std::vector<std::uint8_t> packed{0xa5, 0x0f, 0x80};
  std::vector<std::uint8_t> bits(17), again(3);
  unpack_bits(packed, bits);
  CHECK(bits[0] == 1);
  CHECK(bits[1] == 0);
  pack_bits(bits, again);
  CHECK(again == packed);
}
