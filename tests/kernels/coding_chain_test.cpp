// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "kernels/backends.h"
#include "kernels/match_rate.h"
#include "phy/nr/segmentation.h"
#include "tests/catch.h"
#include "tests/kernels/code_word.h"

using namespace pado;

namespace {

CrcPolynomial polynomial(nr::CrcGenerator generator) { return {generator.polynomial, generator.bits}; }

// A transport block through the coding chain of TS 38.212, 6.2, and back, over one or more transmissions.
struct Link {
  int payload_bits = 0, base_graph = 1;
  int bits_per_symbol = 2, layers = 1;
  int coded_bits = 0;
  double sigma = 0.5;
  std::optional<int> limited_buffer_tbs_bits = std::nullopt;
};

void append_parity(std::vector<std::uint8_t>& bits, CrcPolynomial crc) {
  std::vector<std::uint8_t> packed((bits.size() + 7) / 8);
  pack_bits(bits, packed);
  const std::uint32_t parity = Crc(crc).parity(packed, bits.size());
  for (int i = crc.bits - 1; i >= 0; --i) bits.push_back((parity >> i) & 1);
}

RateShape rate_shape(const nr::Segmentation& s, const nr::RateMatching& r, int bits_per_symbol) {
  RateShape shape;
  shape.code_blocks = s.code_blocks;
  shape.short_blocks = r.short_blocks;
  shape.short_bits = r.short_bits;
  shape.long_bits = r.long_bits;
  shape.bits_per_symbol = bits_per_symbol;
  shape.buffer_bits = r.buffer_bits;
  shape.start = r.start;
  shape.filler_start = r.filler_start;
  shape.fillers = r.fillers;
  shape.soft_stride = (s.sent_bits() + 63) / 64 * 64;
  return shape;
}

template <class Backend>
struct Receiver {
  explicit Receiver(const Link& link_)
      : link(link_),
        s(nr::segment(link.payload_bits, link.base_graph)),
        graph(s.base_graph, s.lifting_size),
        soft(static_cast<std::size_t>(s.code_blocks * ((s.sent_bits() + 63) / 64 * 64))) {
    bits = tests::random_bits(static_cast<std::size_t>(link.payload_bits), rng);
    payload.resize(bits.size() / 8);
    pack_bits(bits, payload);
    append_parity(bits, polynomial(s.transport_crc));
  }

  // One more transmission; whether the block is right after it.
  bool transmit(int rv, bool combine) {
    const nr::RateMatching r =
        nr::rate_matching(s, link.coded_bits, link.layers, link.bits_per_symbol, rv, link.limited_buffer_tbs_bits);
    rows = combine ? std::max(rows, r.rows) : r.rows;
    RateShape shape = rate_shape(s, r, link.bits_per_symbol);
    shape.combine = combine;
    Buffer<Backend, std::int8_t> llrs(static_cast<std::size_t>(link.coded_bits));
    std::size_t filled = 0;
    for (int block = 0; block < s.code_blocks; ++block) {
      std::vector<std::uint8_t> out(static_cast<std::size_t>(block < r.short_blocks ? r.short_bits : r.long_bits));
      match_rate(shape, encode(block), out);
      for (const double llr : tests::noisy_llrs(out, link.sigma, rng)) llrs.view()[filled++] = tests::quantize(llr);
    }
    CHECK(filled == llrs.size());
    recover_rate(on, shape, {.llrs = llrs.view(), .soft = soft.view()});
    return decode();
  }

  std::vector<std::uint8_t> encode(int block) const {
    const int share = s.block_payload_bits();
    std::vector<std::uint8_t> information(bits.begin() + block * share, bits.begin() + (block + 1) * share);
    if (s.block_crc.bits != 0) append_parity(information, polynomial(s.block_crc));
    information.resize(static_cast<std::size_t>(s.information_bits), 0);
    std::vector<std::uint8_t> sent(static_cast<std::size_t>(s.sent_bits()));
    encode_ldpc(graph.graph(), information, sent);
    return sent;
  }

  bool decode() {
    LdpcShape shape;
    shape.graph = graph.graph();
    shape.code_blocks = s.code_blocks;
    shape.rows = rows;
    shape.information_bits = s.block_bits;
    shape.max_iterations = 20;
    shape.crc = polynomial(s.code_blocks > 1 ? s.block_crc : s.transport_crc);
    shape.soft_stride = (s.sent_bits() + 63) / 64 * 64;
    shape.bits_stride = ((s.information_bits + 7) / 8 + 63) / 64 * 64;
    const auto blocks = static_cast<std::size_t>(s.code_blocks);
    Buffer<Backend, std::uint8_t> decoded(blocks * static_cast<std::size_t>(shape.bits_stride)),
        out(payload.size() + 4);
    Buffer<Backend, LdpcResult> results(blocks);
    Buffer<Backend, CrcResult> result(1);
    decode_ldpc(on, shape, {.soft = soft.view(), .bits = decoded.view(), .results = results.view()});
    const CrcShape crc{.code_blocks = s.code_blocks,
                       .information_bits = s.block_bits,
                       .payload_bits = s.payload_bits,
                       .bits_stride = shape.bits_stride,
                       .block_crc = polynomial(s.block_crc),
                       .transport_crc = polynomial(s.transport_crc)};
    check_crc(on, crc,
              {.bits = decoded.view(), .ldpc_results = results.view(), .payload = out.view(), .result = result.view()});
    const bool right = std::equal(payload.begin(), payload.end(), out.view().begin());
    CHECK(result.view()[0].crc_ok == right);
    CHECK((result.view()[0].blocks_ok == s.code_blocks) == right);
    return right;
  }

  Backend on;
  Link link;
  nr::Segmentation s;
  tests::LiftedGraph graph;
  std::mt19937 rng{17};
  std::vector<std::uint8_t> bits, payload;
  Buffer<Backend, std::int8_t> soft;
  int rows = 4;
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("coding chain: each redundancy version alone decodes where its bits suffice",
                        "[kernels][chain]", CodingBackends) {
  // Base graph 2's version 1 begins behind all columns that have messages at first: it must come round to some.
  const Link links[] = {
      {.payload_bits = 24, .base_graph = 2, .bits_per_symbol = 2, .coded_bits = 240},
      {.payload_bits = 320, .base_graph = 2, .bits_per_symbol = 4, .coded_bits = 2400},
      {.payload_bits = 3824, .base_graph = 2, .bits_per_symbol = 6, .coded_bits = 18000},
      {.payload_bits = 6272, .base_graph = 2, .bits_per_symbol = 2, .layers = 2, .coded_bits = 26000},
      {.payload_bits = 8424, .base_graph = 1, .bits_per_symbol = 8, .coded_bits = 20000},
      {.payload_bits = 25176, .base_graph = 1, .bits_per_symbol = 6, .layers = 2, .coded_bits = 71988},
  };
  for (const Link& link : links) {
    for (const int rv : {0, 1, 2, 3}) {
      INFO(link.payload_bits << " bits, redundancy version " << rv);
      CHECK(Receiver<TestType>(link).transmit(rv, /*combine=*/false));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("coding chain: transmissions that fail alone decode together", "[kernels][chain]",
                        CodingBackends) {
  // Each has a code rate above one half at an SNR for less than one third.
  Receiver<TestType> receiver({.payload_bits = 16776, .base_graph = 1, .coded_bits = 30000, .sigma = 1.05});
  CHECK_FALSE(receiver.transmit(0, /*combine=*/false));
  receiver.transmit(2, /*combine=*/true);
  receiver.transmit(3, /*combine=*/true);
  CHECK(receiver.transmit(1, /*combine=*/true));
}

TEMPLATE_LIST_TEST_CASE("coding chain: more bits than the buffer holds add up", "[kernels][chain]", CodingBackends) {
  // 240 bits at most are different ones; they come six times.
  Receiver<TestType> receiver(
      {.payload_bits = 24, .base_graph = 2, .bits_per_symbol = 4, .coded_bits = 2000, .sigma = 2.5});
  CHECK(receiver.transmit(0, /*combine=*/false));
}

TEMPLATE_LIST_TEST_CASE("coding chain: a limited buffer decodes with every redundancy version", "[kernels][chain]",
                        CodingBackends) {
  for (const int rv : {0, 1, 2, 3}) {
    Receiver<TestType> receiver({.payload_bits = 8424,
                                 .base_graph = 1,
                                 .bits_per_symbol = 6,
                                 .coded_bits = 12600,
                                 .sigma = 0.45,
                                 .limited_buffer_tbs_bits = 8424});
    INFO("redundancy version " << rv);
    CHECK(receiver.transmit(rv, /*combine=*/false));
  }
}
