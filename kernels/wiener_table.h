// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "kernels/complex.h"

namespace pado {

/// Wiener filters over frequency for one subcarrier spacing, computed once at start-up, so that a slot only looks them
/// up: mean delay is removed before, therefore one assumed profile, symmetric about 0, serves every user and the taps
/// are real. A filter turns the 6N pilots of a window of N PRB into the channel on its 12N subcarriers.
///
/// With noise-to-signal ratio q per pilot and port, pilots on subcarriers 2j + comb, output on subcarrier m:
///   w_m = r_m (A + q I)^-1,  r_m[j] = R((m - 2j - comb) scs),  A[i][j] = R(2 (i - j) scs) * (1 or 1 + (-1)^(i-j))
///   R(f) = (cos x + x sin x) / (1 + x^2), x = 2 pi f tau: an exponential profile about its mean, made symmetric.
/// The factor in A holds where two ports share the comb; there the sum over the even pilots plus (port +,+) or minus
/// (port +,-) the sum over the odd ones is the estimate.
namespace wiener {

inline constexpr float kDelaySpread_s = 300e-9F;
inline constexpr std::array<int, 6> kWindowPrbs{1, 2, 3, 4, 6, 9};
inline constexpr int kWindows = 6;
inline constexpr int kSnrSteps = 20;
inline constexpr float kFirstSnr_db = -15, kSnrStep_db = 3;
inline constexpr int kLanes = 16;  // outputs of a PRB: 12, and 4 zeros, so that vectors of any width fit

/// Index of the widest window that the allocation holds.
PADO_HOST_DEVICE constexpr int window_index(int prbs) {
  int w = 0;
  while (w + 1 < kWindows && (w == 0 ? 2 : w == 1 ? 3 : w == 2 ? 4 : w == 3 ? 6 : 9) <= prbs) ++w;
  return w;
}
PADO_HOST_DEVICE constexpr int window_prbs(int window) {
  return window == 0 ? 1 : window == 1 ? 2 : window == 2 ? 3 : window == 3 ? 4 : window == 4 ? 6 : 9;
}

/// Index of a filter: ports on the comb 1..2, comb 0..1, window as above, step of the SNR.
PADO_HOST_DEVICE constexpr int filter_index(int ports, int comb, int snr_step, int window) {
  return (((ports - 1) * 2 + comb) * kSnrSteps + snr_step) * kWindows + window;
}
inline constexpr int kFilters = 2 * 2 * kSnrSteps * kWindows;

/// Nearest step for a signal-to-noise ratio (linear) of one port's pilot.
PADO_HOST_DEVICE inline int snr_step(float snr) {
  int step = 0;  // thresholds half-way between steps, in dB; no logarithm, so that host and device agree
  float threshold = 0.0446684F;  // 10^((kFirstSnr_db + kSnrStep_db / 2) / 10)
  while (step + 1 < kSnrSteps && snr > threshold) {
    threshold *= 1.9952623F;
    ++step;
  }
  return step;
}

/// First PRB of the window that estimates PRB `prb` of an allocation of `prbs`.
PADO_HOST_DEVICE constexpr int window_start(int prb, int prbs, int window) {
  const int n = window_prbs(window);
  const int first = prb - n / 2;
  return first < 0 ? 0 : first > prbs - n ? prbs - n : first;
}

/// Taps of one filter: [position of the output PRB in the window][pilot][kLanes]; floats from the start of the table.
PADO_HOST_DEVICE constexpr std::size_t taps_per_window(int window) {
  const std::size_t n = static_cast<std::size_t>(window_prbs(window));
  return n * 6 * n * kLanes;
}
PADO_HOST_DEVICE constexpr std::size_t taps_offset(int filter) {
  std::size_t before = 0, all = 0;
  for (int w = 0; w < kWindows; ++w) {
    if (w < filter % kWindows) before += taps_per_window(w);
    all += taps_per_window(w);
  }
  return static_cast<std::size_t>(filter / kWindows) * all + before;
}
/// Per filter and position, 9 apiece: index into `error` and `freedom`.
PADO_HOST_DEVICE constexpr int position_index(int filter, int position) { return filter * 9 + position; }

}  // namespace wiener

struct WienerTable {
  std::vector<float> taps;
  std::vector<float> error;    // mean squared error of the outputs, in units of one port's power
  std::vector<float> freedom;  // 1 - mean weight of a pilot in the estimate at its own place
};

/// The table for one spacing; made at first use, which takes some tens of milliseconds, and kept. Set-up only; safe
/// from any thread.
const WienerTable& wiener_table(int scs_hz);

}  // namespace pado
