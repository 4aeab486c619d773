// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/ofdm_demodulate.h"
#include "kernels/view.h"

namespace pado {

inline constexpr int kMaxDmrsSymbols = 4;  // DM-RS symbols of one slot
inline constexpr int kMaxBranches = 2;     // of the channel in time: its mean and its change over the slot
inline constexpr int kMaxEstimateLayers = 2;

/// One layer's DM-RS port: configuration type 1, TS 38.211, table 6.4.1.1.3-1.
struct DmrsPort {
  int comb = 0;              // 0 or 1: the pilots are on subcarriers 2j + comb
  bool alternating = false;  // the port's sign in frequency: + + or + -
};

/// The DM-RS of one UE in one slot: a contiguous allocation, 6 pilots per PRB, comb and symbol.
struct DmrsShape {
  int antennas = 0;          // 1..4
  int layers = 0;            // 1..2
  int dmrs_symbols = 0;      // 1..4
  int prbs = 0;              // of the allocation; pilots per comb and symbol: 6 * prbs
  int first_subcarrier = 0;  // of the allocation in the grid
  int grid_stride = 0;
  std::array<int, kMaxDmrsSymbols> dmrs_symbol{};  // rows of the grid, ascending
  std::array<DmrsPort, kMaxEstimateLayers> port{};
  float amplitude = 1;  // of a pilot over a data element of the same layer
  float scs_hz = 0;
  std::array<float, kSymbolsPerSlot> symbol_time_s{};  // middle of each symbol's useful part, from the slot's start
  int first_symbol = 0, symbols = 0;                   // the allocation: symbols of the time gains
  int channel_stride = 0;     // elements from a row of `channel` to the next: 12 * prbs rounded up to 64
  int covariance_stride = 0;  // elements from a row of `covariance` to the next: prbs rounded up to 16
};

/// Wiener filters over frequency for one subcarrier spacing, made at start-up (kernels/wiener_table.h).
template <class Backend>
struct WienerView {
  View<Backend, const float> taps;
  View<Backend, const float> error;    // mean squared error left, of one port's power, per filter
  View<Backend, const float> freedom;  // 1 - mean weight of a pilot in its own estimate, per filter
};

/// What the DM-RS tell about a UE besides the channel; in a backend's memory.
struct ChannelSummary {
  float cfo_hz = 0;           // 0 where a single DM-RS symbol cannot tell
  float timing_offset_s = 0;  // mean delay against the slot's nominal start; positive is late
  float doppler_hz = 0;
  float signal_power = 0;         // per layer and antenna, mean, of a data element
  float noise_power = 0;          // mean over antennas, of a data element
  int branches = 0;               // of the channel in time: 1 or 2
  bool usable = false;            // false: no energy, or a value that is not finite; all outputs are then zero
  std::array<float, 64> noise{};  // [antenna] noise power of a data element
  std::array<cf32, kMaxBranches * kSymbolsPerSlot> time_gain{};  // [branch][symbol]: h(k, l) = sum of gain * channel
};

/// Channel estimation from the DM-RS (TS 38.211, 6.4.1.1), for the UE alone on its PRBs:
/// least squares, mean delay and CFO removed, noise per antenna, Wiener filter over frequency on the branches in time,
/// noise-plus-interference covariance from the residuals. docs/channel_estimation.md has the formulas.
template <class Backend>
struct ChannelArgs {
  View<Backend, const cf32> grid;  // in  [antenna][symbol][grid_stride]
  View<Backend, const std::uint32_t>
      pilots;  // in  [dmrs symbol][word]: sign bits of the 6*prbs pilots, 2 bits each (re, im),
               //     least significant first; rows of pilot_words(prbs) words
  WienerView<Backend> wiener;
  View<Backend, cf32> channel;     // out [antenna][layer][branch][channel_stride], per data element amplitude
  View<Backend, cf32> covariance;  // out [antenna][antenna][covariance_stride], per PRB, Hermitian, positive definite
  View<Backend, ChannelSummary> summary;  // out [1]
};

constexpr int pilot_words(int prbs) { return (12 * prbs + 31) / 32; }

}  // namespace pado
