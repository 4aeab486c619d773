// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "kernels/estimate_channel.h"
#include "phy/pusch/plan.h"

namespace pado::pusch {

inline constexpr int kMaxRetunings = 2;

/// How a user's symbols are demodulated once more where its carrier frequency is off, so that its subcarriers leak into
/// one another, or where it arrives before the FFT window, which then holds a piece of the next symbol.
struct Retuning {
  float cfo_hz = 0;         // removed before the FFT
  int advance_samples = 0;  // by which the window begins earlier

  [[nodiscard]] bool any() const { return cfo_hz != 0 || advance_samples != 0; }

  /// Whether the leakage that remains would be felt: a tenth of the noise or more, after combining.
  [[nodiscard]] bool helps(const SlotPlan& plan, const UePlan& ue, const ChannelSummary& s) const {
    if (!s.usable) return false;
    const float epsilon = s.cfo_hz / ue.dmrs.scs_hz;
    const float early = std::max(0.0F, -s.timing_offset_s * plan.sample_rate_hz);
    const bool may_advance = advance_samples == 0;
    const float leakage = 3.29F * epsilon * epsilon +  // (pi epsilon)^2 / 3
                          (may_advance ? 2 * early / static_cast<float>(plan.ofdm.fft_size) : 0);
    const float energy = s.signal_power * static_cast<float>(ue.dmrs.antennas);
    return leakage * energy > 0.1F * s.noise_power;
  }

  /// Takes out what was measured on the grid as it was demodulated so far.
  void add(const SlotPlan& plan, const ChannelSummary& s) {
    cfo_hz += s.cfo_hz;
    const float early = -s.timing_offset_s * plan.sample_rate_hz;
    if (early > 0 && advance_samples == 0) {  // and a little more, for the paths before the mean
      advance_samples = std::min(static_cast<int>(std::ceil(early)) + plan.prefix_samples / 8, plan.prefix_samples / 2);
    }
  }

  /// Puts it back into a summary measured on the retuned grid.
  void restore(const SlotPlan& plan, ChannelSummary& s) const {
    s.cfo_hz += cfo_hz;
    s.timing_offset_s -= static_cast<float>(advance_samples) / plan.sample_rate_hz;
  }
};

}  // namespace pado::pusch
