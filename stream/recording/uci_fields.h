// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "phy/nr/grant.h"
#include "phy/nr/uci.h"

namespace pado::stream {

inline constexpr std::array<const char*, nr::kUciParts> kUciFields{"harq_ack", "csi_part1", "csi_part2"};
inline constexpr std::array<const char*, nr::kUciParts> kUciCountFields{"harq_ack_bits", "csi_part1_bits",
                                                                        "csi_part2_bits"};
inline constexpr std::array<const char*, nr::kUciParts> kUciOffsetFields{"beta_offset_harq_ack", "beta_offset_csi1",
                                                                         "beta_offset_csi2"};

/// The member uci of a transmission, in JSON or YAML: each part's bits, or their number where they are not known.
/// nr::validate checks what is in it.
template <class Fields>
nr::Uci read_uci(Fields& fields) {
  nr::Uci uci;
  for (std::size_t i = 0; i < uci.parts.size(); ++i) {
    nr::UciPart& part = uci.parts[i];
    if (fields.has(kUciFields[i])) {
      for (const int bit : fields.integers(kUciFields[i]))
        part.content.push_back(bit == 0 || bit == 1 ? static_cast<std::uint8_t>(bit) : std::uint8_t{2});
    }
    part.bits =
        fields.has(kUciCountFields[i]) ? fields.integer(kUciCountFields[i]) : static_cast<int>(part.content.size());
  }
  // HARQ-ACK's matters even without one: elements are kept free of CSI for it.
  for (std::size_t i = 0; i < uci.parts.size(); ++i) {
    const bool needed = uci.parts[i].bits != 0 || (i == 0 && uci.any());
    if (needed || fields.has(kUciOffsetFields[i])) uci.parts[i].beta_offset = fields.number(kUciOffsetFields[i]);
  }
  if (fields.has("alpha")) uci.alpha = fields.number("alpha");
  return uci;
}

}  // namespace pado::stream
