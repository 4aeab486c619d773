// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/dmrs.h"

#include <fmt/format.h>

#include <array>
#include <numeric>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"

namespace pado::nr {
namespace {

// Additional positions behind l_0; 0 ends the list (no additional DM-RS is ever in symbol 0).
using Positions = std::array<int, 3>;

// TS 38.211 V17.1.0, table 6.4.1.1.3-3, single-symbol DM-RS. A row is l_d, 4 to 14; a column dmrs-AdditionalPosition.
constexpr std::array<std::array<Positions, 4>, 11> kSingleA{{
    {{{}, {}, {}, {}}},                 // 4
    {{{}, {}, {}, {}}},                 // 5
    {{{}, {}, {}, {}}},                 // 6
    {{{}, {}, {}, {}}},                 // 7
    {{{}, {7}, {7}, {7}}},              // 8
    {{{}, {7}, {7}, {7}}},              // 9
    {{{}, {9}, {6, 9}, {6, 9}}},        // 10
    {{{}, {9}, {6, 9}, {6, 9}}},        // 11
    {{{}, {9}, {6, 9}, {5, 8, 11}}},    // 12
    {{{}, {11}, {7, 11}, {5, 8, 11}}},  // 13
    {{{}, {11}, {7, 11}, {5, 8, 11}}},  // 14
}};

// The same for mapping type B; rows below 4 symbols have l_0 alone.
constexpr std::array<std::array<Positions, 4>, 11> kSingleB{{
    {{{}, {}, {}, {}}},                // 4
    {{{}, {4}, {4}, {4}}},             // 5
    {{{}, {4}, {4}, {4}}},             // 6
    {{{}, {4}, {4}, {4}}},             // 7
    {{{}, {6}, {3, 6}, {3, 6}}},       // 8
    {{{}, {6}, {3, 6}, {3, 6}}},       // 9
    {{{}, {8}, {4, 8}, {3, 6, 9}}},    // 10
    {{{}, {8}, {4, 8}, {3, 6, 9}}},    // 11
    {{{}, {10}, {5, 10}, {3, 6, 9}}},  // 12
    {{{}, {10}, {5, 10}, {3, 6, 9}}},  // 13
    {{{}, {10}, {5, 10}, {3, 6, 9}}},  // 14
}};

// TS 38.211 V17.1.0, table 6.4.1.1.3-4, double-symbol DM-RS: first symbol of the second pair for additional position 1.
constexpr std::array<int, 11> kDoubleA{0, 0, 0, 0, 0, 0, 8, 8, 8, 10, 10};  // l_d 4 to 14
constexpr std::array<int, 11> kDoubleB{0, 0, 0, 0, 5, 5, 7, 7, 9, 9, 9};

/// l_d of TS 38.211, 6.4.1.1.3: from the slot's start with mapping type A, of the allocation with B.
int duration(const PuschGrant& g) {
  return g.mapping_type == MappingType::a ? g.symbol_start + g.symbol_count : g.symbol_count;
}

[[noreturn]] void refuse(const PuschGrant& g, std::string_view why) {
  throw Error(
      fmt::format("dmrs length {}, additional_position {}, typeA_position {} with mapping type {} over {} symbols: {}",
                  g.dmrs.length, g.dmrs.additional_position, g.dmrs.type_a_position,
                  g.mapping_type == MappingType::a ? 'A' : 'B', duration(g), why));
}

void check_ranges(const PuschGrant& g) {
  const Dmrs& d = g.dmrs;
  if (d.type != 1 && d.type != 2) throw Error(fmt::format("dmrs type {} is not 1 or 2", d.type));
  if (d.length != 1 && d.length != 2) throw Error(fmt::format("dmrs length {} is not 1 or 2", d.length));
  if (d.additional_position < 0 || d.additional_position > 3) {
    throw Error(fmt::format("dmrs additional_position {} is not from 0 to 3", d.additional_position));
  }
  if (d.type_a_position != 2 && d.type_a_position != 3) {
    throw Error(fmt::format("dmrs typeA_position {} is not 2 or 3", d.type_a_position));
  }
  if (g.symbol_start < 0 || g.symbol_count < 1 || g.symbol_start > kSymbolsPerSlot ||
      g.symbol_count > kSymbolsPerSlot || g.symbol_start + g.symbol_count > kSymbolsPerSlot) {
    throw Error(fmt::format("symbol_start {} with symbol_count {} does not lie in the slot's {} symbols",
                            g.symbol_start, g.symbol_count, kSymbolsPerSlot));
  }
}

void check_combination(const PuschGrant& g) {
  const Dmrs& d = g.dmrs;
  const int l_d = duration(g);
  if (g.mapping_type == MappingType::a) {
    if (l_d < 4) refuse(g, "mapping type A needs at least 4");
    if (l_d <= d.type_a_position || g.symbol_start > d.type_a_position)
      refuse(g, "the first DM-RS is outside the allocation");
    if (d.length == 1 && d.additional_position == 3 && d.type_a_position == 3) {
      refuse(g, "additional_position 3 needs typeA_position 2");
    }
    if (d.length == 2 && l_d == 4 && d.type_a_position == 3)
      refuse(g, "two front-loaded symbols over 4 need typeA_position 2");
  }
  if (d.length == 2 && d.additional_position > 1) refuse(g, "two front-loaded symbols have additional_position 0 or 1");
  if (d.length == 2 && g.mapping_type == MappingType::b && l_d < 5)
    refuse(g, "two front-loaded symbols need at least 5");
}

}  // namespace

std::vector<int> dmrs_symbols(const PuschGrant& g) {
  check_ranges(g);
  check_combination(g);
  const bool type_a = g.mapping_type == MappingType::a;
  const int reference = type_a ? 0 : g.symbol_start;
  const int first = type_a ? g.dmrs.type_a_position : 0;
  const int row = duration(g) - 4;
  std::vector<int> symbols{reference + first};
  if (g.dmrs.length == 2) {
    symbols.push_back(symbols.front() + 1);
    const int second = g.dmrs.additional_position == 1 ? (type_a ? kDoubleA[row] : kDoubleB[row]) : 0;
    if (second != 0) symbols.insert(symbols.end(), {reference + second, reference + second + 1});
  } else if (row >= 0) {
    for (const int position : (type_a ? kSingleA : kSingleB)[row][g.dmrs.additional_position]) {
      if (position != 0) symbols.push_back(reference + position);
    }
  }
  return symbols;
}

std::uint32_t dmrs_seed(int slot, int symbol, int n_id, int n_scid) {
  const auto position = static_cast<std::uint64_t>(kSymbolsPerSlot * slot + symbol + 1);
  const auto identity = 2 * static_cast<std::uint64_t>(n_id);
  return static_cast<std::uint32_t>(((position * (identity + 1) << 17) + identity + n_scid) & 0x7fffffffU);
}

std::uint32_t scrambling_seed(int rnti, int n_id) {
  return (static_cast<std::uint32_t>(rnti) << 15) + static_cast<std::uint32_t>(n_id);
}

int dmrs_elements_per_prb(const PuschGrant& g) {
  return static_cast<int>(dmrs_symbols(g).size()) * dmrs_elements_per_group(g.dmrs.type) *
         g.dmrs.cdm_groups_without_data;
}

std::array<int, kSymbolsPerSlot> data_elements_by_symbol(const PuschGrant& g) {
  std::array<int, kSymbolsPerSlot> elements{};
  for (int l = g.symbol_start; l < g.symbol_start + g.symbol_count; ++l) elements[l] = kSubcarriersPerPrb * g.prb_count;
  for (const int l : dmrs_symbols(g))
    elements[l] -= dmrs_elements_per_group(g.dmrs.type) * g.dmrs.cdm_groups_without_data * g.prb_count;
  return elements;
}

int data_elements(const PuschGrant& g) {
  const auto elements = data_elements_by_symbol(g);
  return std::accumulate(elements.begin(), elements.end(), 0);
}

}  // namespace pado::nr
