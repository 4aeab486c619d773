// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/complex.h"

namespace pado {

/// The samples of one slot of one cell, [antenna][sample], in one of two types, or what an FFT made of them; the other
/// spans are empty. Not owned.
/// scale turns a sample into the unit in which a data element of a layer at 0 dB has unit energy, with an FFT scaled
/// by 1/sqrt(fft_size).
struct SlotSamples {
  int antennas = 0;
  int samples = 0;  // of one antenna
  float scale = 1;
  std::span<const ci16> ci16_samples;
  std::span<const cf32> cf32_samples;
  std::span<const cf32> cf32_grid = {};  // [antenna][symbol][grid_stride] as in OfdmShape, gains and scale applied
  /// [antenna], bit l: samples of symbol l or its prefix were lost, and zeros stand in their place. Empty: none.
  std::span<const std::uint16_t> lost_symbols = {};
};

}  // namespace pado
