// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "phy/nr/numerology.h"

namespace pado::stream {

/// Where the slots of a stream lie in its sample time, which begins with a slot: TS 38.211, 5.3.1. Slots of a subframe
/// may differ in length; subframes do not.
class SlotGrid {
 public:
  /// first_slot: the slot of the frame that sample time 0 begins.
  SlotGrid(const nr::Carrier& carrier, int first_slot) : slots_(nr::slots_per_subframe(carrier.scs_hz)) {
    for (int i = 0; i < slots_; ++i) {
      timing_[i] = nr::slot_timing(carrier.scs_hz, carrier.fft_size, (first_slot + i) % slots_);
      start_[i + 1] = start_[i] + timing_[i].samples;
    }
  }

  struct Place {
    std::int64_t slot;
    int sample;  // in the slot
  };
  /// sample_time below 2^63.
  [[nodiscard]] Place place(std::uint64_t sample_time) const noexcept {
    const auto time = static_cast<std::int64_t>(sample_time);
    const std::int64_t rest = time % start_[slots_];
    int slot = 0;
    while (rest >= start_[slot + 1]) ++slot;
    return {time / start_[slots_] * slots_ + slot, static_cast<int>(rest - start_[slot])};
  }
  [[nodiscard]] const nr::SlotTiming& timing(std::int64_t slot) const noexcept { return timing_[slot % slots_]; }
  [[nodiscard]] int most_samples() const noexcept {
    int most = 0;
    for (int i = 0; i < slots_; ++i) most = std::max(most, timing_[i].samples);
    return most;
  }

 private:
  static constexpr int kMostSlots = 8;  // of a subframe, at 120 kHz
  int slots_;
  std::array<nr::SlotTiming, kMostSlots> timing_{};
  std::array<std::int64_t, kMostSlots + 1> start_{};
};

}  // namespace pado::stream
