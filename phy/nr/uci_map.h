// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/nr/uci.h"

namespace pado::nr {

/// Neighbouring elements.
struct ElementRun {
  std::int32_t first = 0, count = 0;
  bool operator==(const ElementRun&) const = default;
};

/// Multiplexing of data and control information, TS 38.212, 6.2.7. Elements count over the allocation, symbol by symbol
/// and upwards in frequency, without those of DM-RS; an element carries N_L Q_m bits.
struct UciMap {
  std::array<std::vector<std::int32_t>, kUciParts> parts;  // the elements of each part, in the order of its bits
  std::vector<ElementRun> data;         // the shared channel's elements, those that HARQ-ACK then takes included
  std::vector<std::int32_t> punctured;  // which of the shared channel's elements HARQ-ACK takes, counted among them
};
/// The grant has passed validate.
UciMap uci_map(const PuschGrant& grant);
/// The same of a region with or without hopping; harq_ack_bits: of the information.
UciMap uci_map(const UciRegion& region, const UciSizes& sizes, int harq_ack_bits, bool shared_channel);

}  // namespace pado::nr
