// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <numeric>
#include <random>

#include "kernels/backends.h"
#include "kernels/match_rate.h"
#include "kernels/recover_rate.h"
#include "tests/catch.h"
#include "tests/kernels/code_word.h"
#include "tests/kernels/instruction_sets.h"
#include "tests/reference/match_rate.h"

using namespace pado;

namespace {

// The circular buffer of a code block with fillers where the shape says.
std::vector<int> circular_buffer(const RateShape& shape, int sent_bits) {
  std::vector<int> d(static_cast<std::size_t>(sent_bits), 0);
  std::fill_n(d.begin() + shape.filler_start, shape.fillers, reference::kNull);
  return d;
}

RateShape shape_of(int sent_bits, int fillers, int bits_per_symbol, int start, int short_bits, int long_bits) {
  RateShape shape;
  shape.code_blocks = 3;
  shape.short_blocks = 2;
  shape.short_bits = short_bits;
  shape.long_bits = long_bits;
  shape.bits_per_symbol = bits_per_symbol;
  shape.buffer_bits = sent_bits;
  shape.start = start;
  shape.filler_start = sent_bits / 4;
  shape.fillers = fillers;
  shape.soft_stride = (sent_bits + 63) / 64 * 64;
  return shape;
}

struct Soft {
  std::vector<int> expected;  // [code block][sent bit]
  std::vector<int> got;
};

template <class Backend>
Soft run(Backend& on, RateShape shape, int sent_bits, int amplitude, bool combine, unsigned seed) {
  std::mt19937 rng(seed);
  std::uniform_int_distribution<int> value(-amplitude, amplitude);
  const auto blocks = static_cast<std::size_t>(shape.code_blocks);
  const auto stride = static_cast<std::size_t>(shape.soft_stride);
  Buffer<Backend, std::int8_t> soft(blocks * stride),
      llrs(static_cast<std::size_t>(shape.short_blocks * shape.short_bits +
                                    (shape.code_blocks - shape.short_blocks) * shape.long_bits));
  for (auto& v : soft.view()) v = static_cast<std::int8_t>(value(rng));
  for (auto& v : llrs.view()) v = static_cast<std::int8_t>(value(rng));
  const auto d = circular_buffer(shape, sent_bits);
  shape.combine = combine;
  Soft result;
  const std::int8_t* next = llrs.view().data();
  for (std::size_t block = 0; block < blocks; ++block) {
    const int bits = static_cast<int>(block) < shape.short_blocks ? shape.short_bits : shape.long_bits;
    std::vector<int> before(static_cast<std::size_t>(sent_bits), 0);
    if (combine) std::copy_n(soft.view().data() + block * stride, sent_bits, before.begin());
    const auto after =
        reference::recover_rate(before, d, shape.buffer_bits, shape.start, {next, next + bits}, shape.bits_per_symbol);
    result.expected.insert(result.expected.end(), after.begin(), after.end());
    next += bits;
  }
  recover_rate(on, shape, {.llrs = llrs.view(), .soft = soft.view()});
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::int8_t* from = soft.view().data() + block * stride;
    result.got.insert(result.got.end(), from, from + sent_bits);
  }
  return result;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("rate recovery: each modulation, start and length as the printed formula", "[kernels][rate]",
                        CodingBackends) {
  TestType on;
  constexpr int kSent = 1650;
  unsigned seed = 0;
  for (const int q : {1, 2, 4, 6, 8}) {
    for (const int start : {0, 425, 450, 825, 1400}) {
      for (const int units : {10, 33, 100, 201, 430, 2999}) {
        for (const int fillers : {0, 37}) {
          const auto shape = shape_of(kSent, fillers, q, start, units * q, (units + 1) * q);
          const Soft soft = run(on, shape, kSent, /*amplitude=*/9, /*combine=*/false, ++seed);
          INFO("Q_m " << q << ", k_0 " << start << ", units " << units << ", fillers " << fillers);
          CHECK(soft.got == soft.expected);
        }
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("rate recovery: a further transmission adds to what is there, with saturation",
                        "[kernels][rate]", CodingBackends) {
  TestType on;
  constexpr int kSent = 3300;
  for (const int q : {2, 4, 6, 8}) {
    for (const int start : {0, 1700}) {
      const auto shape = shape_of(kSent, 100, q, start, 350 * q, 351 * q);
      const Soft soft = run(on, shape, kSent, /*amplitude=*/127, /*combine=*/true, static_cast<unsigned>(q));
      CHECK(soft.got == soft.expected);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("rate recovery: bits sent twice in a first transmission are added with saturation",
                        "[kernels][rate]", CodingBackends) {
  TestType on;
  const auto shape = shape_of(660, 20, 4, 500, 1200, 1204);
  const Soft soft = run(on, shape, 660, /*amplitude=*/127, /*combine=*/false, 3);
  CHECK(soft.got == soft.expected);
}

TEMPLATE_LIST_TEST_CASE("rate recovery: a limited buffer wraps at its end and leaves the rest zero", "[kernels][rate]",
                        CodingBackends) {
  TestType on;
  for (const int bits : {600, 1800}) {
    auto shape = shape_of(3300, 100, 6, 1500, bits, bits + 6);
    shape.buffer_bits = 2000;
    const Soft soft = run(on, shape, 3300, 9, /*combine=*/false, 4);
    CHECK(soft.got == soft.expected);
  }
}

TEST_CASE("rate recovery: every instruction set of this machine does the same", "[kernels][rate]") {
  tests::for_each_instruction_set([] {
    cpu::Backend on;
    for (const int q : {2, 4, 6, 8}) {
      const auto shape = shape_of(3300, 100, q, 1700, 350 * q, 351 * q);
      const Soft soft = run(on, shape, 3300, /*amplitude=*/127, /*combine=*/true, 9);
      CHECK(soft.got == soft.expected);
    }
  });
}

TEST_CASE("rate matching: bits leave in the printed order", "[kernels][rate]") {
  std::mt19937 rng(5);
  constexpr int kSent = 1650;
  const auto sent = tests::random_bits(kSent, rng);
  for (const int q : {1, 2, 4, 6, 8}) {
    for (const int start : {0, 425, 450, 825, 1400}) {
      for (const int units : {10, 100, 430, 2999}) {
        const auto shape = shape_of(kSent, 37, q, start, units * q, units * q);
        std::vector<std::uint8_t> out(static_cast<std::size_t>(units * q)), expected;
        match_rate(shape, sent, out);
        for (const int at :
             reference::transmitted_positions(circular_buffer(shape, kSent), kSent, start, units * q, q)) {
          expected.push_back(sent[static_cast<std::size_t>(at)]);
        }
        CHECK(out == expected);
      }
    }
  }
}
