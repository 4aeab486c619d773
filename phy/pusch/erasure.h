// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/combine_and_demap.h"
#include "kernels/estimate_channel.h"
#include "kernels/limits.h"
#include "kernels/pilot_sets.h"

namespace pado::pusch {

/// Which symbols of a slot have gaps, by antenna. An antenna with a gap in a symbol is left out there: the other
/// antennas are combined as if it did not exist. DM-RS with a gap at any antenna are left out of the estimate.
class Lost {
 public:
  explicit Lost(std::span<const std::uint16_t> lost_symbols = {})
      : antennas_(std::min(static_cast<int>(lost_symbols.size()), kMaxAntennas)) {
    for (int antenna = 0; antenna < antennas_; ++antenna) {
      by_antenna_[antenna] = lost_symbols[static_cast<std::size_t>(antenna)];
      any_ = static_cast<std::uint16_t>(any_ | by_antenna_[antenna]);
    }
  }

  [[nodiscard]] bool none() const { return any_ == 0; }
  [[nodiscard]] bool at_any_antenna(int symbol) const { return (any_ >> symbol & 1) != 0; }
  [[nodiscard]] bool at(int antenna, int symbol) const {
    return antenna < antennas_ && (by_antenna_[antenna] >> symbol & 1) != 0;
  }
  /// Bit a: antenna a has a gap in the symbol.
  [[nodiscard]] std::uint64_t antennas(int symbol) const {
    std::uint64_t set = 0;
    for (int antenna = 0; antenna < antennas_; ++antenna) {
      if (at(antenna, symbol)) set |= std::uint64_t{1} << antenna;
    }
    return set;
  }

 private:
  std::array<std::uint16_t, kMaxAntennas> by_antenna_{};
  int antennas_;
  std::uint16_t any_ = 0;
};

/// Leaves DM-RS symbols with a gap out of shape, and their rows out of pilots, which come to stand in room (as large as
/// pilots). With nothing lost both stay as they are. Where pairs of symbols tell ports apart, one goes with the other.
inline std::span<const std::uint32_t> keep_received(const Lost& lost, DmrsShape& shape,
                                                    std::span<const std::uint32_t> pilots,
                                                    std::span<std::uint32_t> room) {
  if (lost.none()) return pilots;
  const auto row = static_cast<std::size_t>(pilot_words(shape.type, shape.prbs));
  const int sent = shape.dmrs_symbols;
  const bool in_pairs = pilot_sets(shape).spread;
  int kept = 0;
  for (int i = 0; i < sent; ++i) {
    if (lost.at_any_antenna(shape.dmrs_symbol[i])) continue;
    if (in_pairs && lost.at_any_antenna(shape.dmrs_symbol[i] + (shape.second[i] ? -1 : 1))) continue;
    std::ranges::copy(pilots.subspan(static_cast<std::size_t>(i) * row, row),
                      room.subspan(static_cast<std::size_t>(kept) * row, row).begin());
    shape.second[kept] = shape.second[i];
    shape.dmrs_symbol[kept++] = shape.dmrs_symbol[i];
  }
  shape.dmrs_symbols = kept;
  return kept == sent ? pilots : room.first(static_cast<std::size_t>(kept) * row);
}

/// The symbols alone in which exactly these antennas have gaps.
inline DemapShape symbols_that_lost(const Lost& lost, std::uint64_t antennas, DemapShape shape) {
  for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
    if (lost.antennas(symbol) != antennas) shape.comb[symbol] = DataComb::none;
  }
  return shape;
}

}  // namespace pado::pusch
