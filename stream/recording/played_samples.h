// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/complex.h"
#include "stream/recording/recording.h"

namespace pado::stream {

/// What is sent when a recording is played: the samples of its slot cycle, or where nobody transmits in it, all.
struct PlayedSamples {
  int antennas = 1;
  double sample_rate_hz = 0;
  std::int64_t count = 0;     // of one antenna
  std::int64_t piece = 0;     // count is a multiple of it: the length of a slot, or count
  std::vector<ci16> samples;  // [antenna][sample]
  std::int64_t clipped = 0;   // parts that were beyond 16 bits, of a cf32 recording, or not finite
};

/// Reads all; cf32 samples become integers at stream_full_scale. Throws Error where the data cannot be read, hold no
/// whole slot, or are too many for memory.
PlayedSamples read_played_samples(const Recording& recording);

}  // namespace pado::stream
