// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "kernels/complex.h"

namespace pado::stream {

/// Takes samples to another rate. Filtered to the narrower of the two bands: flat over 0.92 of it, aliases 70 dB down.
class Resampler {
 public:
  /// ratio: samples out for one in, from 1/64 to 64. Throws Error for others.
  explicit Resampler(double ratio);

  /// out[n] is the input at time start + n / ratio, counted in samples from in's first; before and behind in are zeros.
  void run(std::span<const cf32> in, double start, std::span<cf32> out);

  /// Samples before and behind its time that shape an output.
  [[nodiscard]] int reach() const { return reach_; }

 private:
  struct Filter;
  struct Destroy {
    void operator()(Filter* filter) const;
  };
  double ratio_;
  int reach_;
  std::unique_ptr<Filter, Destroy> filter_;
};

}  // namespace pado::stream
