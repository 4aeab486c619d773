// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/decode_ldpc.h"

#include <random>

#include "kernels/backends.h"
#include "phy/nr/segmentation.h"
#include "tests/catch.h"
#include "tests/kernels/code_word.h"
#include "tests/kernels/instruction_sets.h"
#include "tests/reference/ldpc.h"

using namespace pado;

namespace {

constexpr CrcPolynomial kCrc{nr::kCrc24B.polynomial, nr::kCrc24B.bits};

// Code blocks over an AWGN channel, and what a decoder made of them.
struct LdpcCase {
  int base_graph = 1, lifting_size = 384, rows = 46;
  int fillers = 0, blocks = 1, max_iterations = 20;
  bool early_stop = true;
  double sigma = 0.5;
  unsigned seed = 1;
  CrcPolynomial crc = kCrc;
};

struct Outcome {
  int blocks_right = 0;
  std::vector<LdpcResult> results;
};

template <class Backend>
Outcome decode(Backend& on, const LdpcCase& c) {
  std::mt19937 rng(c.seed);
  const tests::LiftedGraph lifted(c.base_graph, c.lifting_size);
  const LdpcGraph& graph = lifted.graph();
  LdpcShape shape;
  shape.graph = graph;
  shape.code_blocks = c.blocks;
  shape.rows = c.rows;
  shape.information_bits = lifted.information_bits() - c.fillers;
  shape.max_iterations = c.max_iterations;
  shape.early_stop = c.early_stop;
  shape.crc = c.crc;
  shape.soft_stride = (graph.sent_bits() + 63) / 64 * 64;
  shape.bits_stride = ((lifted.information_bits() + 7) / 8 + 63) / 64 * 64;
  const auto blocks = static_cast<std::size_t>(c.blocks);
  Buffer<Backend, std::int8_t> soft(blocks * static_cast<std::size_t>(shape.soft_stride));
  Buffer<Backend, std::uint8_t> bits(blocks * static_cast<std::size_t>(shape.bits_stride));
  Buffer<Backend, LdpcResult> results(blocks);

  std::vector<tests::CodeWord> words;
  const int sent_end = (graph.information_columns + c.rows - 2) * c.lifting_size;
  for (std::size_t block = 0; block < blocks; ++block) {
    words.push_back(tests::random_code_word(lifted, shape.information_bits, c.crc, rng));
    const auto llrs = tests::noisy_llrs(words.back().sent, c.sigma, rng);
    std::int8_t* to = soft.view().data() + block * static_cast<std::size_t>(shape.soft_stride);
    for (int i = 0; i < sent_end; ++i) to[i] = tests::quantize(llrs[static_cast<std::size_t>(i)]);
    const int filler_start = shape.information_bits - 2 * c.lifting_size;
    std::fill_n(to + filler_start, c.fillers, std::int8_t{127});
  }
  decode_ldpc(on, shape, {.soft = soft.view(), .bits = bits.view(), .results = results.view()});

  Outcome outcome;
  for (std::size_t block = 0; block < blocks; ++block) {
    std::vector<std::uint8_t> decoded(static_cast<std::size_t>(shape.information_bits));
    unpack_bits(bits.view().subspan(block * static_cast<std::size_t>(shape.bits_stride)), decoded);
    const auto& sent = words[block].information;
    if (std::equal(decoded.begin(), decoded.end(), sent.begin())) ++outcome.blocks_right;
    outcome.results.push_back(results.view()[block]);
  }
  return outcome;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("decoder: all lifting sizes of both graphs decode over noise", "[kernels][ldpc]",
                        CodingBackends) {
  TestType on;
  for (const int base_graph : {1, 2}) {
    for (const int z : nr::lifting_sizes()) {
      const int information = (base_graph == 1 ? 22 : 10) * z;
      LdpcCase c{.base_graph = base_graph, .lifting_size = z, .rows = base_graph == 1 ? 46 : 42};
      c.fillers = std::min(z / 3 + 1, information - 25);
      if (information <= 25) c.crc = {nr::kCrc16.polynomial, nr::kCrc16.bits}, c.fillers = 2;
      c.sigma = z < 10 ? 0.6 : 0.9;  // no block of these sizes fails there
      c.seed = static_cast<unsigned>(z);
      for (const int blocks : {1, 3}) {
        c.blocks = blocks;
        const Outcome outcome = decode(on, c);
        INFO("base graph " << base_graph << ", Z " << z << ", blocks " << blocks);
        CHECK(outcome.blocks_right == blocks);
        for (const LdpcResult& result : outcome.results) CHECK((result.crc_ok && result.parity_ok));
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("decoder: any number of rows from 4 on serves", "[kernels][ldpc]", CodingBackends) {
  TestType on;
  for (const int base_graph : {1, 2}) {
    for (const int rows : {4, 5, 6, 7, 10, 13, 20, 31, 41}) {
      const LdpcCase c{.base_graph = base_graph, .lifting_size = 144, .rows = rows, .blocks = 2, .sigma = 0.35};
      INFO("base graph " << base_graph << ", rows " << rows);
      CHECK(decode(on, c).blocks_right == 2);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("decoder: 20 iterations without a stop do not undo a decoded block", "[kernels][ldpc]",
                        CodingBackends) {
  TestType on;
  for (const double sigma : {0.1, 0.3, 0.45}) {  // with the largest channel LLRs as well
    LdpcCase c{.rows = 13, .blocks = 4, .max_iterations = 20, .early_stop = false, .sigma = sigma};
    const Outcome outcome = decode(on, c);
    CHECK(outcome.blocks_right == 4);
    CHECK(outcome.results[0].iterations == 20);
  }
  LdpcCase c{.base_graph = 2, .lifting_size = 52, .rows = 42, .blocks = 20, .early_stop = false, .sigma = 0.9};
  CHECK(decode(on, c).blocks_right == 20);
}

TEMPLATE_LIST_TEST_CASE("decoder: a clean block stops after few iterations", "[kernels][ldpc]", CodingBackends) {
  TestType on;
  const Outcome outcome = decode(on, LdpcCase{.rows = 46, .blocks = 2, .sigma = 0.2});
  CHECK(outcome.results[0].iterations <= 2);
  CHECK(outcome.results[1].crc_ok);
}

TEMPLATE_LIST_TEST_CASE("decoder: noise alone fails, and says so", "[kernels][ldpc]", CodingBackends) {
  TestType on;
  for (const int z : {16, 384}) {
    const Outcome outcome = decode(
        on, LdpcCase{.base_graph = 2, .lifting_size = z, .rows = 42, .blocks = 3, .max_iterations = 8, .sigma = 9});
    for (const LdpcResult& result : outcome.results) {
      CHECK_FALSE(result.crc_ok);
      CHECK(result.iterations == 8);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("decoder: a right block in a shared ring is taken while its neighbours go on",
                        "[kernels][ldpc]", CodingBackends) {
  TestType on;
  const Outcome outcome =
      decode(on, LdpcCase{.base_graph = 2, .lifting_size = 16, .rows = 42, .blocks = 32, .sigma = 1.2, .seed = 5});
  int fewest = 99, most = 0;
  for (const LdpcResult& result : outcome.results) {
    fewest = std::min<int>(fewest, result.iterations);
    most = std::max<int>(most, result.iterations);
  }
  CHECK(fewest < most);
  CHECK(outcome.blocks_right >= 25);
}

TEMPLATE_LIST_TEST_CASE("decoder: decodes nearly what sum-product in double precision does", "[kernels][ldpc]",
                        CodingBackends) {
  TestType on;
  // Near threshold: 20 layered iterations with the stop against 20 flooding ones.
  const int trials = 40;
  const LdpcCase c{.base_graph = 2, .lifting_size = 52, .rows = 20, .blocks = trials, .sigma = 1.06, .seed = 11};
  const Outcome outcome = decode(on, c);
  std::mt19937 rng(c.seed);
  const tests::LiftedGraph lifted(c.base_graph, c.lifting_size);
  int reference_right = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto word = tests::random_code_word(lifted, lifted.information_bits(), c.crc, rng);
    auto llrs = tests::noisy_llrs(word.sent, c.sigma, rng);
    llrs.insert(llrs.begin(), static_cast<std::size_t>(2 * c.lifting_size), 0.0);
    const auto bits = reference::decode_sum_product(lifted.graph(), c.rows, llrs, 20);
    reference_right += std::equal(word.information.begin(), word.information.end(), bits.begin());
  }
  INFO("reference " << reference_right << ", decoder " << outcome.blocks_right);
  CHECK(reference_right >= trials / 2);
  CHECK(reference_right < trials);
  CHECK(outcome.blocks_right >= reference_right - 3);
}

TEMPLATE_LIST_TEST_CASE("decoder: soft bits of zero are no block of zeros", "[kernels][ldpc]", CodingBackends) {
  TestType on;
  for (const int z : {2, 16, 384}) {
    const tests::LiftedGraph lifted(2, z);
    LdpcShape shape;
    shape.graph = lifted.graph();
    shape.code_blocks = 1;
    shape.rows = 42;
    shape.information_bits = lifted.information_bits();
    shape.max_iterations = 5;
    shape.crc = {.polynomial = nr::kCrc16.polynomial, .bits = 16};
    shape.soft_stride = (50 * z + 63) / 64 * 64;
    shape.bits_stride = (10 * z / 8 + 64) / 64 * 64;
    Buffer<TestType, std::int8_t> soft(static_cast<std::size_t>(shape.soft_stride));
    Buffer<TestType, std::uint8_t> bits(static_cast<std::size_t>(shape.bits_stride));
    Buffer<TestType, LdpcResult> result(1);
    decode_ldpc(on, shape, {.soft = soft.view(), .bits = bits.view(), .results = result.view()});
    CHECK_FALSE(result.view()[0].crc_ok);
    CHECK_FALSE(result.view()[0].parity_ok);

    std::fill(soft.view().begin(), soft.view().end(), std::int8_t{40});  // but these are
    decode_ldpc(on, shape, {.soft = soft.view(), .bits = bits.view(), .results = result.view()});
    CHECK(result.view()[0].crc_ok);
  }
}

TEST_CASE("decoder: every instruction set of this machine decodes alike", "[kernels][ldpc]") {
  const std::vector<LdpcCase> cases = {{.rows = 10, .blocks = 3, .sigma = 0.6},
                                       {.base_graph = 2, .lifting_size = 18, .rows = 30, .blocks = 5, .sigma = 0.9},
                                       {.lifting_size = 208, .rows = 46, .fillers = 70, .blocks = 4, .sigma = 0.9}};
  for (const LdpcCase& c : cases) {
    tests::for_each_instruction_set([&] {
      cpu::Backend on;
      CHECK(decode(on, c).blocks_right == c.blocks);
    });
  }
}
