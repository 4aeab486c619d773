// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "phy/nr/grant.h"

namespace pado::nr {

/// MCS index tables without transform precoding, TS 38.214, tables 5.1.3.1-1 to -3.
enum class McsTable { qam64, qam256, qam64_low_se };

struct Mcs {
  Modulation modulation = Modulation::qpsk;
  double code_rate_x1024 = 0;  // 682.5 and 916.5 exist
};

/// Empty where the index is reserved (retransmissions) or outside 0..31.
std::optional<Mcs> mcs(McsTable table, int index);
/// Modulation alone, which reserved indices have too. Empty outside the table.
std::optional<Modulation> mcs_modulation(McsTable table, int index);

std::string_view name(Modulation modulation);  // "QPSK", "16QAM", "64QAM", "256QAM"
std::optional<Modulation> modulation_from_name(std::string_view name);
constexpr int bits_per_symbol(Modulation m) { return static_cast<int>(m); }

}  // namespace pado::nr
