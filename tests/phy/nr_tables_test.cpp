// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/tbs.h"
#include "tests/catch.h"

using namespace pado::nr;
using Symbols = std::vector<int>;

TEST_CASE("mcs: spectral efficiency rises with the index", "[nr]") {
  for (const McsTable table : {McsTable::qam64, McsTable::qam256, McsTable::qam64_low_se}) {
    double last = 0;
    for (int index = 0; mcs(table, index); ++index) {
      const Mcs m = *mcs(table, index);
      const double efficiency = bits_per_symbol(m.modulation) * m.code_rate_x1024;
      INFO(index);
      // Indices 16 and 17 of the first table and 20 and 21 of the third nearly meet: 2.5703 and 2.5664.
      CHECK(efficiency > last - 5);
      last = efficiency;
    }
  }
}

TEST_CASE("mcs: sums of the tables' code rates", "[nr]") {
  const auto sum = [](McsTable table) {
    double total = 0;
    for (int index = 0; index < 32; ++index) total += mcs(table, index) ? mcs(table, index)->code_rate_x1024 : 0;
    return total;
  };
  CHECK(sum(McsTable::qam64) == 15447);
  CHECK(sum(McsTable::qam256) == 17354);
  CHECK(sum(McsTable::qam64_low_se) == 10918);
}

TEST_CASE("mcs: reserved indices have a modulation alone", "[nr]") {
  CHECK_FALSE(mcs(McsTable::qam64, 29));
  CHECK(mcs_modulation(McsTable::qam64, 29) == Modulation::qpsk);
  CHECK_FALSE(mcs(McsTable::qam256, 28));
  CHECK(mcs_modulation(McsTable::qam256, 31) == Modulation::qam256);
  CHECK_FALSE(mcs_modulation(McsTable::qam64, 32));
  CHECK_FALSE(mcs_modulation(McsTable::qam64, -1));
}

TEST_CASE("modulation: names go both ways", "[nr]") {
  for (const Modulation m : {Modulation::qpsk, Modulation::qam16, Modulation::qam64, Modulation::qam256}) {
    CHECK(modulation_from_name(name(m)) == m);
  }
  CHECK_FALSE(modulation_from_name("pi/2-BPSK"));
}

TEST_CASE("tbs: a small size is rounded up to the table, a large one to whole code blocks", "[nr]") {
  CHECK(transport_block_size(1, 1, 0, 0, Modulation::qpsk, 30, 1) == 24);
  CHECK(transport_block_size(1, 14, 12, 0, Modulation::qpsk, 120, 1) == 32);
  CHECK(transport_block_size(273, 14, 24, 0, Modulation::qam256, 682.5, 1) == 208976);
  CHECK(transport_block_size(106, 14, 24, 0, Modulation::qam64, 910, 1) == 81976);
  CHECK(transport_block_size(51, 14, 24, 0, Modulation::qam64, 517, 2) == 44040);
  CHECK(transport_block_size(273, 14, 12, 0, Modulation::qam256, 948, 4) == 1277992);
  CHECK(transport_block_size(1, 1, 12, 0, Modulation::qpsk, 120, 1) == 0);
}

TEST_CASE("tbs: every size splits into equal code blocks of whole bytes", "[nr]") {
  for (int prb = 1; prb <= 273; prb += 4) {
    for (int index = 0; index < 28; ++index) {
      const Mcs m = *mcs(McsTable::qam256, index);
      for (const int overhead : {0, 6, 18}) {
        const int tbs = transport_block_size(prb, 14, 24, overhead, m.modulation, m.code_rate_x1024, 2);
        const int largest = base_graph(tbs, m.code_rate_x1024) == 1 ? 8448 : 3840;
        const int with_crc = tbs + (tbs > 3824 ? 24 : 16);
        const int blocks = with_crc <= largest ? 1 : (with_crc + largest - 25) / (largest - 24);
        CHECK(with_crc % blocks == 0);
        CHECK(tbs % 8 == 0);
      }
    }
  }
}

TEST_CASE("base graph: the three conditions of TS 38.212, 6.2.2", "[nr]") {
  CHECK(base_graph(292, 948) == 2);
  CHECK(base_graph(304, 948) == 1);
  CHECK(base_graph(3824, 686) == 2);
  CHECK(base_graph(3824, 687) == 1);
  CHECK(base_graph(3840, 256) == 2);
  CHECK(base_graph(3840, 257) == 1);
}

namespace {

PuschGrant grant(MappingType mapping, int start, int count, Dmrs dmrs) {
  PuschGrant g;
  g.mapping_type = mapping;
  g.symbol_start = start;
  g.symbol_count = count;
  g.dmrs = dmrs;
  return g;
}

}  // namespace

TEST_CASE("dm-rs positions: mapping type A", "[nr]") {
  const auto a = [](int count, Dmrs d) { return dmrs_symbols(grant(MappingType::a, 0, count, d)); };
  CHECK(a(14, {.additional_position = 0}) == Symbols{2});
  CHECK(a(14, {.additional_position = 1}) == Symbols{2, 11});
  CHECK(a(14, {.additional_position = 2}) == Symbols{2, 7, 11});
  CHECK(a(14, {.additional_position = 3}) == Symbols{2, 5, 8, 11});
  CHECK(a(12, {.additional_position = 3}) == Symbols{2, 5, 8, 11});
  CHECK(a(11, {.additional_position = 3}) == Symbols{2, 6, 9});
  CHECK(a(10, {.type_a_position = 3, .additional_position = 2}) == Symbols{3, 6, 9});
  CHECK(a(9, {.additional_position = 2}) == Symbols{2, 7});
  CHECK(a(7, {.additional_position = 2}) == Symbols{2});
  CHECK(a(14, {.additional_position = 1, .length = 2}) == Symbols{2, 3, 10, 11});
  CHECK(a(12, {.type_a_position = 3, .additional_position = 1, .length = 2}) == Symbols{3, 4, 8, 9});
  CHECK(a(9, {.additional_position = 1, .length = 2}) == Symbols{2, 3});
  CHECK(a(4, {.length = 2}) == Symbols{2, 3});
}

TEST_CASE("dm-rs positions: with mapping type A they do not move with the start", "[nr]") {
  CHECK(dmrs_symbols(grant(MappingType::a, 1, 13, {.additional_position = 1})) == Symbols{2, 11});
}

TEST_CASE("dm-rs positions: mapping type B counts from the allocation", "[nr]") {
  const auto b = [](int start, int count, Dmrs d) { return dmrs_symbols(grant(MappingType::b, start, count, d)); };
  CHECK(b(3, 8, {.additional_position = 1}) == Symbols{3, 9});
  CHECK(b(10, 4, {.additional_position = 3}) == Symbols{10});
  CHECK(b(0, 14, {.additional_position = 2}) == Symbols{0, 5, 10});
  CHECK(b(0, 14, {.additional_position = 3}) == Symbols{0, 3, 6, 9});
  CHECK(b(2, 10, {.additional_position = 2}) == Symbols{2, 6, 10});
  CHECK(b(13, 1, {}) == Symbols{13});
  CHECK(b(4, 6, {.additional_position = 2}) == Symbols{4, 8});
  CHECK(b(0, 12, {.additional_position = 1, .length = 2}) == Symbols{0, 1, 9, 10});
  CHECK(b(2, 8, {.additional_position = 1, .length = 2}) == Symbols{2, 3, 7, 8});
}

TEST_CASE("dm-rs positions: all lie inside the allocation, ascending, for every combination of the tables", "[nr]") {
  int combinations = 0;
  for (const MappingType mapping : {MappingType::a, MappingType::b}) {
    for (int code = 0; code < 14 * 14 * 16; ++code) {
      const int start = code % 14, count = code / 14 % 14 + 1, rest = code / 196;
      const Dmrs d{.type_a_position = 2 + rest / 8, .additional_position = rest % 4, .length = 1 + rest / 4 % 2};
      Symbols symbols;
      try {
        symbols = dmrs_symbols(grant(mapping, start, count, d));
      } catch (const pado::Error&) {
        continue;
      }
      ++combinations;
      CHECK(symbols.front() >= start);
      CHECK(symbols.back() < start + count);
      for (std::size_t i = 1; i < symbols.size(); ++i) CHECK(symbols[i] > symbols[i - 1]);
    }
  }
  CHECK(combinations > 500);
}

TEST_CASE("dm-rs positions: what the tables do not have is refused", "[nr]") {
  const auto refused = [](MappingType m, int start, int count, Dmrs d, const char* message) {
    INFO(message);
    CHECK_THROWS_WITH(dmrs_symbols(grant(m, start, count, d)), ContainsSubstring(message));
  };
  refused(MappingType::a, 0, 3, {}, "mapping type A needs at least 4");
  refused(MappingType::a, 3, 11, {}, "the first DM-RS is outside the allocation");
  refused(MappingType::a, 0, 14, {.type_a_position = 3, .additional_position = 3},
          "additional_position 3 needs typeA_position 2");
  refused(MappingType::a, 0, 4, {.type_a_position = 3, .length = 2}, "over 4 need typeA_position 2");
  refused(MappingType::a, 0, 14, {.additional_position = 2, .length = 2}, "have additional_position 0 or 1");
  refused(MappingType::b, 0, 4, {.length = 2}, "need at least 5");
  refused(MappingType::b, 10, 5, {}, "does not lie in the slot's 14 symbols");
  refused(MappingType::b, 0, 14, {.additional_position = 4}, "additional_position 4 is not from 0 to 3");
}

TEST_CASE("seeds: the formulas of TS 38.211, 6.4.1.1.1.1 and 6.3.1.1", "[nr]") {
  CHECK(dmrs_seed(0, 2, 0, 0) == 3U << 17);
  CHECK(dmrs_seed(0, 2, 8473, 0) == ((3ULL * (2 * 8473 + 1) << 17) + 2 * 8473) % (1ULL << 31));
  CHECK(dmrs_seed(19, 13, 65535, 1) == ((280ULL * 131071 << 17) + 131071) % (1ULL << 31));
  CHECK(scrambling_seed(27961, 357) == 27961U * 32768 + 357);
}

TEST_CASE("data elements: what DM-RS symbols leave", "[nr]") {
  PuschGrant g = grant(MappingType::a, 0, 14, {.additional_position = 1});
  g.prb_count = 51;
  CHECK(data_elements(g) == 51 * 12 * 12);
  g.dmrs.cdm_groups_without_data = 1;
  CHECK(data_elements(g) == 51 * (12 * 12 + 12));
}
