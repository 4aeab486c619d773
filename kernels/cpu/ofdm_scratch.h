// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "kernels/cpu/backend.h"

namespace pado::cpu {

/// A forward FFT of one size, planned at start-up (FFTW's planner is slow and not for two threads at a time: it is
/// guarded here).
class ForwardFft {
 public:
  explicit ForwardFft(int size);
  ~ForwardFft();
  ForwardFft(const ForwardFft&) = delete;
  ForwardFft& operator=(const ForwardFft&) = delete;
  /// Both 64-byte aligned, `size` elements, distinct.
  void execute(cf32* in, cf32* out) const noexcept;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

struct OfdmScratch {
  explicit OfdmScratch(const Limits& limits)
      : fft(limits.fft_size), time(limits.fft_size), frequency(limits.fft_size) {}
  ForwardFft fft;
  HostBuffer<cf32> time, frequency;  // one symbol
};

}  // namespace pado::cpu
