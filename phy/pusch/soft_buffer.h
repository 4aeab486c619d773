// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/cpu/backend.h"
#include "kernels/recover_rate.h"

namespace pado::pusch {

/// Soft bits of one transport block over its transmissions (HARQ).
struct SoftBuffer {
  cpu::HostBuffer<std::int8_t> bits;
  int payload_bits = 0;  // of the block in it; 0: empty
  int rows = 0;          // of the base graph that its transmissions reach so far

  /// A retransmission is added up only where its block is here: one that was never seen, or of another size, starts
  /// afresh. A transmission without signal leaves a block that waits as it is.
  RateShape next_transmission(RateShape rate, int block_bits, bool usable) {
    if (!usable) {
      if (!rate.combine) payload_bits = 0;
      return rate;
    }
    rate.combine = rate.combine && payload_bits == block_bits;
    payload_bits = block_bits;
    return rate;
  }
};

}  // namespace pado::pusch
