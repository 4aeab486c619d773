// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "phy/nr/grant.h"
#include "phy/nr/mcs.h"

namespace pado::stream {

/// An MCS table by the name that a recording gives it ("38.214 table 5.1.3.1-2 (256QAM)") or by that of TS 38.331
/// (qam64, qam256, qam64LowSE). Throws UnsupportedError for the tables of transform precoding (TS 38.214, 6.1.4.1),
/// Error for others.
nr::McsTable mcs_table_from_name(std::string_view text);

/// The name that recordings give a table.
std::string_view recorded_name(nr::McsTable table);

/// Throws Error where table and index do not say what the grant's modulation, code_rate_x1024 and new_data say.
void check_mcs(nr::McsTable table, int index, const nr::PuschGrant& grant);

/// Throws Error where the stated tbs_bits of a new block is not the one of TS 38.214, 6.1.4.2.
void check_block_size(const nr::PuschGrant& grant);

/// A row of the tables with this modulation and code rate, in the order of the tables.
struct McsRow {
  nr::McsTable table;
  int index;
};
std::optional<McsRow> find_mcs(nr::Modulation modulation, double code_rate_x1024);

}  // namespace pado::stream
