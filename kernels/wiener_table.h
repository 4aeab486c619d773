// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "kernels/estimate_channel.h"

namespace pado {

/// Wiener filters over frequency for one subcarrier spacing, computed once at start-up, so that a slot only looks them
/// up: mean delay is removed before, therefore one assumed profile, symmetric about 0, serves every user and the taps
/// are real. A filter turns the pilots of a window of N PRB into the channel on its 12N subcarriers.
///
/// With noise-to-signal ratio q per pilot and port, pilots on the subcarriers k_j of a CDM group, output on subcarrier
/// m:
///   w_m = r_m (A + q I)^-1,  r_m[j] = R((m - k_j) scs),  A[i][j] = R((k_i - k_j) scs) * (1 or 1 + (-1)^(i-j))
///   R(f) = (cos x + x sin x) / (1 + x^2), x = 2 pi f tau: an exponential profile about its mean, made symmetric.
/// The factor in A holds where two ports share the pilots; there the sum over the even pilots plus (port +,+) or minus
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

/// Index of a filter: of configuration type 1 or 2, 1..2 ports on the pilots of a CDM group, step of the SNR, window.
inline constexpr int kType1Filters = 2 * 2 * kSnrSteps * kWindows, kType2Filters = 2 * 3 * kSnrSteps * kWindows;
inline constexpr int kFilters = kType1Filters + kType2Filters;
PADO_HOST_DEVICE constexpr int filter_index(int type, int ports, int cdm_group, int snr_step, int window) {
  const int groups = type == 2 ? 3 : 2;
  const int of_type = (((ports - 1) * groups + cdm_group) * kSnrSteps + snr_step) * kWindows + window;
  return type == 2 ? kType1Filters + of_type : of_type;
}

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
PADO_HOST_DEVICE constexpr std::size_t taps_per_window(int type, int window) {
  const std::size_t n = static_cast<std::size_t>(window_prbs(window));
  return n * static_cast<std::size_t>(pilots_per_prb(type)) * n * kLanes;
}
PADO_HOST_DEVICE constexpr std::size_t taps_offset(int filter) {
  const int type = filter < kType1Filters ? 1 : 2, of_type = type == 1 ? filter : filter - kType1Filters;
  std::size_t before = 0, all = 0, all_type_1 = 0;
  for (int w = 0; w < kWindows; ++w) {
    if (w < of_type % kWindows) before += taps_per_window(type, w);
    all += taps_per_window(type, w);
    all_type_1 += taps_per_window(1, w);
  }
  before += static_cast<std::size_t>(of_type / kWindows) * all;
  return type == 1 ? before : before + static_cast<std::size_t>(kType1Filters / kWindows) * all_type_1;
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
