// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "kernels/complex.h"

namespace pado {

/// The samples of one slot of one cell, [antenna][sample], in one of two types; the other span is empty. Not owned.
/// scale turns a sample into the unit in which a data element of a layer at 0 dB has unit energy, with an FFT scaled
/// by 1/sqrt(fft_size).
struct SlotSamples {
  int antennas = 0;
  int samples = 0;  // of one antenna
  float scale = 1;
  std::span<const ci16> ci16_samples;
  std::span<const cf32> cf32_samples;
};

}  // namespace pado
