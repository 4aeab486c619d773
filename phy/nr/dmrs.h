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

/// CDM group of a port (configuration type 1), its comb, and whether its sign alternates from pilot to pilot:
/// TS 38.211, table 6.4.1.1.3-1. Ports 0..3.
constexpr int dmrs_comb(int port) { return (port >> 1) & 1; }
constexpr bool dmrs_alternates(int port) { return (port & 1) != 0; }

/// Elements per layer that carry data, or control information in its place, by symbol of the slot.
std::array<int, kSymbolsPerSlot> data_elements_by_symbol(const PuschGrant& grant);
/// The same over the whole allocation.
int data_elements(const PuschGrant& grant);

}  // namespace pado::nr
