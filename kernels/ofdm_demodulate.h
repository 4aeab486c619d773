// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "kernels/view.h"

namespace pado {

inline constexpr int kSymbolsPerSlot = 14;

/// The samples of one slot and where its symbols lie in them.
struct OfdmShape {
  int antennas = 0;          // 1..64
  int fft_size = 0;          // points of a symbol, a multiple of 128
  int subcarriers = 0;       // of the grid, at most fft_size; subcarriers/2 lands on the carrier's centre frequency
  int grid_stride = 0;       // elements from a grid row to the next, at least subcarriers, a multiple of 16
  int samples_per_slot = 0;  // of one antenna
  std::array<int, kSymbolsPerSlot> symbol_start{};  // first sample of a symbol's useful part, counted from the slot's
  std::array<cf32, kSymbolsPerSlot> symbol_gain{};  // per symbol: phase compensation (TS 38.211, 5.4) and scale
  int first_symbol = 0, symbols = kSymbolsPerSlot;  // those to demodulate; other rows of the grid stay as they are
  float cfo_cycles_per_sample = 0;  // removed before the transform, phase counted from the slot's first sample
};

/// OFDM demodulation: cyclic prefix removal, FFT, phase compensation (TS 38.211, 5.3.1 and 5.4).
/// grid[a][l][k] = symbol_gain[l] * sum over n of x[a][start_l + n] exp(-j2pi cfo (start_l + n))
///                                          exp(-j2pi n (k - subcarriers/2) / fft_size)
template <class Backend>
struct OfdmArgs {
  View<Backend, const ci16> samples_ci16;  // in  [antenna][sample]; one of the two is empty
  View<Backend, const cf32> samples_cf32;  // in  [antenna][sample]
  View<Backend, cf32> grid;                // out [antenna][symbol][grid_stride]
};

}  // namespace pado
