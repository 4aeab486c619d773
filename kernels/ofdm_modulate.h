// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>

#include "kernels/complex.h"
#include "kernels/ofdm_demodulate.h"

namespace pado {

/// One slot of one antenna and where its symbols lie, for OFDM modulation.
struct OfdmModulateShape {
  int subcarriers = 0;  // of the grid, at most the FFT's size; subcarriers/2 lands on the carrier's centre frequency
  int grid_stride = 0;  // elements from a grid row to the next
  std::array<int, kSymbolsPerSlot> symbol_start{};    // first sample of a symbol's useful part, counted from the slot's
  std::array<int, kSymbolsPerSlot> prefix_samples{};  // of the cyclic prefix before it
  std::array<cf32, kSymbolsPerSlot> symbol_gain{};    // phase compensation (TS 38.211, 5.4)
  double delay_samples = 0;                           // of the whole signal, of either sign, whole or not
};

/// OFDM modulation, TS 38.211, 5.3.1, scaled by 1/sqrt(fft_size): an element of unit energy gives fft_size samples of
/// mean energy 1/fft_size. A delay is exact: the continuous-time signal of the clause, taken at the delayed instants.
/// Owns an FFTW plan; not for two threads at a time.
class OfdmModulator {
 public:
  explicit OfdmModulator(int fft_size);  // a multiple of 128
  ~OfdmModulator();
  OfdmModulator(OfdmModulator&&) noexcept;
  OfdmModulator& operator=(OfdmModulator&&) noexcept;

  [[nodiscard]] int fft_size() const { return fft_size_; }

  /// Adds the slot to samples, of which the first one is the slot's sample number first_sample (negative: before the
  /// slot begins); what a delay pushes outside is left out. grid: [symbol][grid_stride]. Does not allocate.
  void add_slot(const OfdmModulateShape& shape, std::span<const cf32> grid, int first_sample,
                std::span<cf32> samples) noexcept;

 private:
  struct Plan;
  int fft_size_ = 0;
  std::unique_ptr<Plan> plan_;
};

}  // namespace pado
