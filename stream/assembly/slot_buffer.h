// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/complex.h"
#include "stream/assembly/coverage.h"

namespace pado::stream {

/// The samples of one slot of one cell with what is known of how they came. Laid out once for the longest slot.
struct SlotBuffer {
  SlotBuffer(int antenna_count, int most_samples)
      : samples(static_cast<std::size_t>(antenna_count) * static_cast<std::size_t>(most_samples)),
        lost_symbols(static_cast<std::size_t>(antenna_count)),
        coverage(static_cast<std::size_t>(antenna_count), Coverage(most_samples)) {}

  std::int64_t slot = 0;             // counted from the stream's start
  std::uint32_t stream_id = 0;       // of the sender that brought it
  int run = 0;                       // another one wherever the slots do not follow on from those before
  std::int64_t last_arrival_ns = 0;  // of its last packet, on the owner's clock; 0: no packet came
  int slot_samples = 0;              // of one antenna
  int missing_samples = 0;           // over all antennas
  std::vector<ci16> samples;         // [antenna][sample], the first antennas * slot_samples; missing ones are zero
  std::vector<std::uint16_t> lost_symbols;  // [antenna], bit l: of symbol l, its prefix included, something is missing
  std::vector<Coverage> coverage;           // [antenna]

  [[nodiscard]] bool complete() const noexcept { return missing_samples == 0; }
  [[nodiscard]] std::span<const ci16> iq() const noexcept {
    return std::span(samples).first(lost_symbols.size() * static_cast<std::size_t>(slot_samples));
  }
};

}  // namespace pado::stream
