// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/backend.h"
#include "phy/pusch/plan.h"

namespace pado::pusch {

/// Soft bits of one transport block over its transmissions (HARQ).
struct SoftBuffer {
  cpu::HostBuffer<std::int8_t> bits;
  std::uint64_t block = 0;  // the number of the block in it; 0: none
  int payload_bits = 0;     // of that block
  int buffer_bits = 0;      // N_cb of that block
  int rows = 0;             // of the base graph that its transmissions reach so far

  /// Whether this is a retransmission of a block whose buffer a later one has taken.
  [[nodiscard]] bool is_past(const UePlan& ue) const { return ue.rate.combine && block > ue.block; }

  /// A retransmission is added up only where its block is here: one that was never received, or of another size, starts
  /// afresh. Rate and rows come back as they have to be used.
  void next_transmission(const UePlan& ue, RateShape& rate, LdpcShape& ldpc) {
    rate.combine =
        rate.combine && block == ue.block && payload_bits == ue.crc.payload_bits && buffer_bits == rate.buffer_bits;
    block = ue.block;
    payload_bits = ue.crc.payload_bits;
    buffer_bits = rate.buffer_bits;
    ldpc.rows = rows = rate.combine ? std::max(rows, ldpc.rows) : ldpc.rows;
  }
};

}  // namespace pado::pusch
