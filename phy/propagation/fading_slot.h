// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/complex.h"
#include "phy/nr/grant.h"
#include "phy/nr/numerology.h"
#include "phy/propagation/fading_channel.h"
#include "phy/transmit_grid.h"

namespace pado::propagation {

/// A fading channel over one slot after another, as polynomials in time: h(l, k) = sum over i of value(i, l) * part i
/// at subcarrier k. Each tap's course over the 14 symbols is fitted by a cubic, which at 400 Hz of Doppler and 30 kHz
/// leaves less than -55 dB, so that 4 responses serve 14 symbols. The polynomials are orthonormal over the slot: parts
/// 0 and 1 are the best line through the true channel. Not for two threads at a time.
class FadingSlot {
 public:
  static constexpr int kParts = 4;

  /// stride: elements from a row of a grid or of a part to the next, at least the carrier's subcarriers.
  FadingSlot(const nr::Carrier& carrier, const FadingConfig& config, int stride);

  void set_slot(std::int64_t slot) noexcept;

  [[nodiscard]] static float value(int part, int symbol) noexcept;
  /// Part of the channel from a transmit antenna to a receive antenna, [subcarrier].
  [[nodiscard]] std::span<const cf32> part(int antenna, int transmit, int index) const noexcept {
    return std::span(parts_).subspan(row(antenna, transmit, index), static_cast<std::size_t>(subcarriers_));
  }

  /// Adds what is sent, a layer a transmit antenna, to received, [antenna][symbol][stride].
  void add(const TransmitGrid& sent, float amplitude, std::span<cf32> received) noexcept;

 private:
  [[nodiscard]] std::size_t row(int antenna, int transmit, int index) const noexcept {
    return static_cast<std::size_t>((antenna * transmit_antennas_ + transmit) * kParts + index) *
           static_cast<std::size_t>(stride_);
  }
  int antennas_, transmit_antennas_, subcarriers_, stride_;
  FadingChannel channel_;
  std::vector<cf32> parts_;  // [antenna][transmit][part][stride]
  std::vector<cf32> now_;    // [subcarrier], of one symbol
};

}  // namespace pado::propagation
