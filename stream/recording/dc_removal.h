// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kernels/complex.h"

namespace pado::stream {

/// Takes the carrier leakage of a zero-IF receiver out of a recording: a notch at 0 Hz, a fraction of a subcarrier
/// wide. Data on the subcarrier at 0 Hz go with it. Each slot is filtered alone, its filter settled on the slot itself.
class DcRemoval {
 public:
  explicit DcRemoval(int fft_size);

  /// [antenna][sample], in place; integers are rounded and saturate.
  void remove(std::span<cf32> slot, int antennas) { remove_each(slot, antennas); }
  void remove(std::span<ci16> slot, int antennas) { remove_each(slot, antennas); }

 private:
  template <class Sample>
  void remove_each(std::span<Sample> slot, int antennas);
  template <class Sample>
  void remove_one(std::span<Sample> antenna);

  struct Filter;
  struct Destroy {
    void operator()(Filter* filter) const;
  };
  std::unique_ptr<Filter, Destroy> filter_;
};

}  // namespace pado::stream
