// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/nr/numerology.h"

namespace pado::nr {

/// Symbols of the slot that carry DM-RS, ascending, TS 38.211, tables 6.4.1.1.3-3 and -4 (no hopping). Throws Error for
/// a combination that the tables do not have.
std::vector<int> dmrs_symbols(const PuschGrant& grant);

/// Seed of the DM-RS sequence of one symbol, TS 38.211, 6.4.1.1.1.1, for slot = slot in the frame.
std::uint32_t dmrs_seed(int slot, int symbol, int n_id, int n_scid);

/// Seed of the data scrambling sequence, TS 38.211, 6.3.1.1.
std::uint32_t scrambling_seed(int rnti, int n_id);

/// A port of TS 38.211, tables 6.4.1.1.3-1 (configuration type 1) and -2 (type 2).
struct DmrsPortRow {
  int cdm_group = 0;
  bool alternating = false;   // w_f: + + or + -, from one pilot of its group to the next
  bool second_minus = false;  // w_t: + + or + -, over two front-loaded symbols
};
constexpr int dmrs_cdm_groups(int type) { return type == 2 ? 3 : 2; }
constexpr int dmrs_ports(int type, int length) { return 2 * dmrs_cdm_groups(type) * length; }
constexpr DmrsPortRow dmrs_port(int type, int port) {
  const int of_one_symbol = dmrs_ports(type, 1);
  return {.cdm_group = port % of_one_symbol / 2, .alternating = port % 2 != 0, .second_minus = port >= of_one_symbol};
}

/// Elements of a PRB and symbol that a CDM group takes, and the subcarrier of the group's pilot j, counted from a PRB's
/// first: TS 38.211, 6.4.1.1.3.
constexpr int dmrs_elements_per_group(int type) { return type == 2 ? 4 : 6; }
constexpr int dmrs_subcarrier(int type, int cdm_group, int j) {
  return type == 2 ? 6 * (j / 2) + 2 * cdm_group + j % 2 : 2 * j + cdm_group;
}

/// Power of a pilot over a data element, TS 38.214, table 6.2.2-1: it takes that of the elements that stay empty beside
/// it.
constexpr double dmrs_power_boost_db(int cdm_groups_without_data) {
  return cdm_groups_without_data == 3 ? 4.77 : cdm_groups_without_data == 2 ? 3 : 0;
}

/// Elements of a PRB that the DM-RS symbols of a grant leave without data (TS 38.212, 7.3.1.1.2).
int dmrs_elements_per_prb(const PuschGrant& grant);

/// Elements per layer that carry data, or control information in its place, by symbol of the slot.
std::array<int, kSymbolsPerSlot> data_elements_by_symbol(const PuschGrant& grant);
/// The same over the whole allocation.
int data_elements(const PuschGrant& grant);

}  // namespace pado::nr
