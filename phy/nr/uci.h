// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "phy/nr/grant.h"
#include "phy/nr/numerology.h"

namespace pado::nr {

inline constexpr int kMaxUciBits = 1706;  // of a part, TS 38.212, 5.2.1
inline constexpr std::array<std::string_view, kUciParts> kUciPartNames{"harq_ack", "csi_part1", "csi_part2"};

/// HARQ-ACK of one or two bits takes elements of the shared channel, whose bits there are never sent.
inline bool punctures(const Uci& uci) { return uci.harq_ack().bits <= 2; }

/// Where control information may lie in an allocation. Symbols count from the allocation's first.
struct UciRegion {
  int symbols = 0;
  std::array<int, kSymbolsPerSlot> elements{};  // for data or control information, per layer
  std::array<bool, kSymbolsPerSlot> dmrs{};     // symbols that carry none of it
  int second_hop = 0;                           // its first symbol; 0: no frequency hopping
  int bits_per_element = 0;                     // N_L Q_m
  [[nodiscard]] int control_elements(int symbol) const { return dmrs[symbol] ? 0 : elements[symbol]; }
};
UciRegion uci_region(const PuschGrant& grant);

/// Coded symbols per layer of each part, Q' of TS 38.212, 6.3.2.4.1 and 6.3.2.4.2.
struct UciSizes {
  std::array<int, kUciParts> elements{};
  int reserved = 0;  // for HARQ-ACK of up to two bits
};
/// Throws Error where a part has no room.
UciSizes uci_sizes(const PuschGrant& grant);

/// G of the shared channel: bits of all layers that rate matching fills (TS 38.212, 6.2.5). 0 where the control
/// information takes all.
int shared_channel_bits(const PuschGrant& grant);

}  // namespace pado::nr
