// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/segmentation.h"

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;

namespace {

struct Row {
  int payload_bits, base_graph;
  int code_blocks, block_bits, lifting_size, fillers;
};

}  // namespace

TEST_CASE("segmentation: sizes around every boundary of the standard", "[nr][segmentation]") {
  const Row rows[] = {
      {24, 2, 1, 40, 7, 30},         // up to 192 bits: 6 columns
      {176, 2, 1, 192, 32, 128},     // the largest of them
      {184, 2, 1, 200, 26, 60},      // 8 columns
      {552, 2, 1, 568, 64, 72},      // 9 columns
      {632, 2, 1, 648, 72, 72},      // 10 columns
      {3824, 2, 1, 3840, 384, 0},    // the largest single block of base graph 2
      {3840, 2, 2, 1956, 208, 124},  // CRC24A and two blocks
      {3824, 1, 1, 3840, 176, 32},   // CRC16
      {8424, 1, 1, 8448, 384, 0},    // the largest single block of base graph 1
      {8456, 1, 2, 4264, 208, 312},  // two blocks
      {1277992, 1, 152, 8432, 384, 16},
  };
  for (const Row& row : rows) {
    const nr::Segmentation s = nr::segment(row.payload_bits, row.base_graph);
    INFO(row.payload_bits << " bits, base graph " << row.base_graph);
    CHECK(s.code_blocks == row.code_blocks);
    CHECK(s.block_bits == row.block_bits);
    CHECK(s.lifting_size == row.lifting_size);
    CHECK(s.fillers() == row.fillers);
    CHECK(s.transport_crc == (row.payload_bits > 3824 ? nr::kCrc24A : nr::kCrc16));
    CHECK(s.block_crc.bits == (row.code_blocks > 1 ? 24 : 0));
    CHECK(s.code_blocks * s.block_payload_bits() == row.payload_bits + s.transport_crc.bits);
  }
}

TEST_CASE("segmentation: refuses what blocks cannot share evenly", "[nr][segmentation]") {
  CHECK_THROWS_AS(nr::segment(0, 1), Error);
  CHECK_THROWS_AS(nr::segment(8457, 1), Error);
  CHECK_THROWS_AS(nr::segment(1000, 3), Error);
}

TEST_CASE("rate matching: blocks share G, and the last ones get a symbol more", "[nr][segmentation]") {
  const nr::Segmentation s = nr::segment(3 * 8400 - 24, 1);
  REQUIRE(s.code_blocks == 3);
  const nr::RateMatching r = nr::rate_matching(s, 8 * 2 * 2000, 2, 8, 0);
  CHECK(r.short_blocks == 1);
  CHECK(r.short_bits == 16 * 666);
  CHECK(r.long_bits == 16 * 667);
  CHECK(r.short_bits + 2 * r.long_bits == 32000);
  CHECK(r.buffer_bits == 66 * 384);
  CHECK(r.filler_start == s.block_bits - 768);
}

TEST_CASE("rate matching: starts of the redundancy versions", "[nr][segmentation]") {
  const auto start = [](const nr::Segmentation& s, int rv, std::optional<int> limit = std::nullopt) {
    return nr::rate_matching(s, 12000, 1, 2, rv, limit).start;
  };
  const nr::Segmentation one = nr::segment(8424, 1);
  const nr::Segmentation two = nr::segment(3824, 2);
  CHECK(start(one, 0) == 0);
  CHECK(start(one, 1) == 17 * 384);
  CHECK(start(one, 2) == 33 * 384);
  CHECK(start(one, 3) == 56 * 384);
  CHECK(start(two, 1) == 13 * 384);
  CHECK(start(two, 2) == 25 * 384);
  CHECK(start(two, 3) == 43 * 384);
  // Limited to 12000 * 3/2 bits: floor(17 * 18000 / (66 * 384)) columns.
  CHECK(nr::rate_matching(one, 12000, 1, 2, 0, 12000).buffer_bits == 18000);
  CHECK(start(one, 1, 12000) == 12 * 384);
}

TEST_CASE("rate matching: rows in use end with the last parity bit that is sent", "[nr][segmentation]") {
  const nr::Segmentation s = nr::segment(8000, 1);  // K' 8024, Z 384, 424 fillers
  REQUIRE(s.lifting_size == 384);
  const auto rows = [&](int bits, int rv) { return nr::rate_matching(s, bits, 1, 2, rv).rows; };
  const int unfilled = s.block_bits - 2 * 384;
  CHECK(rows(1000, 0) == 4);
  CHECK(rows(unfilled + 4 * 384, 0) == 4);
  CHECK(rows(unfilled + 4 * 384 + 2, 0) == 5);
  CHECK(rows(unfilled + 45 * 384, 0) == 45);
  CHECK(rows(unfilled + 46 * 384, 0) == 46);
  CHECK(rows(100000, 0) == 46);
  CHECK(rows(10 * 384, 2) == 33 + 10 + 2 - 22);
  CHECK(rows(10 * 384, 3) == 46);
  CHECK(rows(12 * 384, 3) == 46);  // wraps
}

TEST_CASE("rate matching: refuses impossible numbers", "[nr][segmentation]") {
  const nr::Segmentation s = nr::segment(3 * 8400 - 24, 1);
  CHECK_THROWS_AS(nr::rate_matching(s, 0, 1, 2, 0), Error);
  CHECK_THROWS_AS(nr::rate_matching(s, 1001, 1, 2, 0), Error);
  CHECK_THROWS_AS(nr::rate_matching(s, 4, 1, 2, 0), Error);
  CHECK_THROWS_AS(nr::rate_matching(s, 1000, 1, 2, 4), Error);
}
