// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "scheduler/simulator/scenario.h"

namespace pado::scheduler {

inline constexpr int kTaps = 8, kSinusoids = 8, kAntennas = 2;
inline constexpr double kTapSpacing_s = 50e-9;

/// The phase of each tap at the middle of each RBG, and the taps' amplitudes: the same for all users of a cell.
class FrequencyResponse {
 public:
  explicit FrequencyResponse(const Scenario& scenario);

  std::array<std::array<float, kMaxRbgs>, kTaps> re{}, im{};
  int rbgs = 0;
};

/// A user's channel: on every tap and antenna a sum of sinusoids with the Doppler shifts f_d cos(a), whose angles cover
/// the circle; the autocorrelation is J0(2 pi f_d t), mean power 1. Phases are integers, so that any slot can be asked
/// for, exactly, in any order.
class Fading {
 public:
  Fading(const Scenario& scenario, double speed_kmh, std::uint64_t seed, int user);

  /// |h|^2 by RBG, summed over the antennas; 1 on average.
  void power(const FrequencyResponse& response, std::int64_t slot, std::array<float, kMaxRbgs>& power) const;
  /// One tap's gain, mean power 1.
  [[nodiscard]] std::array<float, 2> tap(int antenna, int tap, std::int64_t slot) const;

 private:
  struct Sinusoid {
    std::uint32_t start = 0, per_slot = 0;  // turns x 2^32
  };
  std::array<std::array<std::array<Sinusoid, kSinusoids>, kTaps>, kAntennas> sinusoids_{};
};

}  // namespace pado::scheduler
