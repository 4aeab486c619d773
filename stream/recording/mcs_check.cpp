// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/mcs_check.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "phy/nr/error.h"
#include "phy/nr/tbs.h"

namespace pado::stream {
namespace {

struct TableName {
  nr::McsTable table;
  std::string_view recorded;  // in the recordings
  std::string_view clause;    // enough to recognise it
  std::string_view rrc;       // TS 38.331, mcs-Table
};

constexpr std::array<TableName, 3> kTables{{
    {nr::McsTable::qam64, "38.214 table 5.1.3.1-1 (64QAM)", "5.1.3.1-1", "qam64"},
    {nr::McsTable::qam256, "38.214 table 5.1.3.1-2 (256QAM)", "5.1.3.1-2", "qam256"},
    {nr::McsTable::qam64_low_se, "38.214 table 5.1.3.1-3 (64QAM low SE)", "5.1.3.1-3", "qam64LowSE"},
}};

}  // namespace

nr::McsTable mcs_table_from_name(std::string_view text) {
  for (const TableName& t : kTables) {
    if (text == t.rrc || text.find(t.clause) != std::string_view::npos) return t.table;
  }
  if (text.find("6.1.4.1-1") != std::string_view::npos || text.find("6.1.4.1-2") != std::string_view::npos) {
    throw UnsupportedError("mcs_table of TS 38.214, 6.1.4.1: transform precoding is not supported");
  }
  throw Error(fmt::format("mcs_table is none of \"{}\", \"{}\", \"{}\"", kTables[0].recorded, kTables[1].recorded,
                          kTables[2].recorded));
}

std::string_view recorded_name(nr::McsTable table) {
  for (const TableName& t : kTables) {
    if (t.table == table) return t.recorded;
  }
  return "?";
}

void check_mcs(nr::McsTable table, int index, const nr::PuschGrant& grant) {
  const auto modulation = nr::mcs_modulation(table, index);
  if (!modulation) throw Error(fmt::format("mcs_index {} is not from 0 to 31", index));
  if (*modulation != grant.modulation) {
    throw Error(fmt::format("mcs_index {} of {} is {}, but modulation is {}", index, recorded_name(table),
                            nr::name(*modulation), nr::name(grant.modulation)));
  }
  const auto row = nr::mcs(table, index);
  if (!row && grant.new_data) {
    throw Error(fmt::format("mcs_index {} of {} is reserved for retransmissions, but new_data is true", index,
                            recorded_name(table)));
  }
  if (row && std::abs(row->code_rate_x1024 - grant.code_rate_x1024) > 0.01) {
    throw Error(fmt::format("mcs_index {} of {} is code rate {}/1024, but code_rate_x1024 is {}", index,
                            recorded_name(table), row->code_rate_x1024, grant.code_rate_x1024));
  }
}

void check_block_size(const nr::PuschGrant& grant) {
  const int tbs = nr::transport_block_size(grant);
  if (!grant.new_data || grant.tbs_bits == tbs) return;
  throw Error(fmt::format("tbs_bits {} contradicts the allocation, modulation and code rate, which give {}",
                          grant.tbs_bits, tbs));
}

std::optional<McsRow> find_mcs(nr::Modulation modulation, double code_rate_x1024) {
  for (const TableName& t : kTables) {
    for (int index = 0; index < 32; ++index) {
      const auto row = nr::mcs(t.table, index);
      if (row && row->modulation == modulation && row->code_rate_x1024 == code_rate_x1024) {
        return McsRow{.table = t.table, .index = index};
      }
    }
  }
  return std::nullopt;
}

}  // namespace pado::stream
