// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/check_crc.h"

#include <random>

#include "kernels/backends.h"
#include "phy/nr/segmentation.h"
#include "tests/catch.h"
#include "tests/kernels/code_word.h"
#include "tests/reference/crc.h"

using namespace pado;

namespace {

// A transport block with its CRC, cut into blocks of any number of bits, some of them with bits behind K'.
struct CrcCase {
  CrcShape shape;
  std::vector<std::uint8_t> bits, payload;
  std::vector<LdpcResult> results;
};

CrcCase make(int payload_bits, int code_blocks, nr::CrcGenerator crc, const reference::Bits& polynomial) {
  std::mt19937 rng(static_cast<unsigned>(payload_bits));
  CrcCase c;
  auto bits = tests::random_bits(static_cast<std::size_t>(payload_bits), rng);
  c.payload.resize(bits.size() / 8);
  pack_bits(bits, c.payload);
  const auto check = reference::crc(bits, polynomial);
  bits.insert(bits.end(), check.begin(), check.end());
  const std::size_t share = bits.size() / static_cast<std::size_t>(code_blocks);
  c.shape = {.code_blocks = code_blocks,
             .information_bits = static_cast<int>(share) + (code_blocks > 1 ? 24 : 0),
             .payload_bits = payload_bits,
             .bits_stride = static_cast<int>(share + 24 + 511) / 512 * 64,
             .block_crc = {nr::kCrc24B.polynomial, code_blocks > 1 ? 24 : 0},
             .transport_crc = {crc.polynomial, crc.bits}};
  c.bits.resize(static_cast<std::size_t>(code_blocks * c.shape.bits_stride), 0xff);
  for (std::size_t block = 0; block < static_cast<std::size_t>(code_blocks); ++block) {
    std::vector<std::uint8_t> own(bits.begin() + static_cast<std::ptrdiff_t>(block * share),
                                  bits.begin() + static_cast<std::ptrdiff_t>((block + 1) * share));
    own.resize(own.size() + 24, 1);  // stands for the block's CRC
    pack_bits(own,
              std::span(c.bits).subspan(block * static_cast<std::size_t>(c.shape.bits_stride), (own.size() + 7) / 8));
  }
  c.results.assign(static_cast<std::size_t>(code_blocks), {.iterations = 1, .parity_ok = true, .crc_ok = true});
  return c;
}

template <class Backend>
std::pair<CrcResult, std::vector<std::uint8_t>> run(Backend& on, const CrcCase& c) {
  Buffer<Backend, std::uint8_t> bits(c.bits.size()), payload(c.payload.size() + 4);
  Buffer<Backend, LdpcResult> results(c.results.size());
  Buffer<Backend, CrcResult> result(1);
  std::copy(c.bits.begin(), c.bits.end(), bits.view().begin());
  std::copy(c.results.begin(), c.results.end(), results.view().begin());
  std::fill(payload.view().begin(), payload.view().end(), std::uint8_t{0x5a});
  check_crc(on, c.shape,
            {.bits = bits.view(), .ldpc_results = results.view(), .payload = payload.view(), .result = result.view()});
  const auto out = payload.view();
  return {result.view()[0], {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(c.payload.size())}};
}

const reference::Bits& crc24a() {
  static const auto polynomial = reference::generator({24, 23, 18, 17, 14, 11, 10, 7, 6, 5, 4, 3, 1, 0});
  return polynomial;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("transport block: joined from any number of blocks, at byte boundaries or not",
                        "[kernels][crc]", CodingBackends) {
  TestType on;
  for (const auto& [payload_bits, blocks] : {std::pair{4000, 1}, {16776, 2}, {16776, 4}, {16776, 16}, {25176, 7}}) {
    const CrcCase c = make(payload_bits, blocks, nr::kCrc24A, crc24a());
    const auto [result, payload] = run(on, c);
    INFO(payload_bits << " bits in " << blocks << " blocks");
    CHECK(result.crc_ok);
    CHECK(result.blocks_ok == blocks);
    CHECK(payload == c.payload);
  }
  const CrcCase small = make(40, 1, nr::kCrc16, reference::generator({16, 12, 5, 0}));
  CHECK(run(on, small).first.crc_ok);
}

TEMPLATE_LIST_TEST_CASE("transport block: one wrong bit anywhere fails it", "[kernels][crc]", CodingBackends) {
  TestType on;
  for (const int bit : {0, 4000, 8399}) {
    CrcCase c = make(16776, 2, nr::kCrc24A, crc24a());
    c.bits[static_cast<std::size_t>(c.shape.bits_stride + bit / 8)] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
    c.results[1].crc_ok = false;
    const auto [result, payload] = run(on, c);
    CHECK_FALSE(result.crc_ok);
    CHECK(result.blocks_ok == 1);
  }
}

TEMPLATE_LIST_TEST_CASE("transport block: zeros where no code block decoded are no payload", "[kernels][crc]",
                        CodingBackends) {
  TestType on;
  CrcCase c = make(16776, 2, nr::kCrc24A, crc24a());
  std::fill(c.bits.begin(), c.bits.end(), std::uint8_t{0});
  CHECK(run(on, c).first.crc_ok);
  for (LdpcResult& result : c.results) result.crc_ok = false;
  CHECK_FALSE(run(on, c).first.crc_ok);
}
