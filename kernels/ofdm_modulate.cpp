// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/ofdm_modulate.h"

#include <fftw3.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "kernels/fftw_lock.h"

namespace pado {

// The plan is an estimated one: a measured plan may differ from run to run, and with it the last bit of a sample.
struct OfdmModulator::Plan {
  explicit Plan(int fft_size) : size(fft_size) {
    const std::lock_guard lock(fftw_lock());
    spectrum = fftwf_alloc_complex(size);
    symbol = fftwf_alloc_complex(size);
    plan = fftwf_plan_dft_1d(size, spectrum, symbol, FFTW_BACKWARD, FFTW_ESTIMATE);
  }
  ~Plan() {
    const std::lock_guard lock(fftw_lock());
    fftwf_destroy_plan(plan);
    fftwf_free(symbol);
    fftwf_free(spectrum);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  void transform(std::span<const cf32> row, cf32 gain, double cycles_per_subcarrier) noexcept {
    std::fill_n(&spectrum[0][0], 2 * size, 0.0F);
    int bin = -static_cast<int>(row.size() / 2);
    for (const cf32 element : row) {
      cf32 x = gain * element;
      if (cycles_per_subcarrier != 0) {
        const double turn = 2 * std::numbers::pi * bin * cycles_per_subcarrier;
        x = x * cf32{static_cast<float>(std::cos(turn)), static_cast<float>(std::sin(turn))};
      }
      fftwf_complex& out = spectrum[bin < 0 ? bin + size : bin];
      out[0] = x.re;
      out[1] = x.im;
      ++bin;
    }
    fftwf_execute(plan);
  }

  int size = 0;
  fftwf_complex* spectrum = nullptr;
  fftwf_complex* symbol = nullptr;
  fftwf_plan plan = nullptr;
};

OfdmModulator::OfdmModulator(int fft_size) : fft_size_(fft_size), plan_(std::make_unique<Plan>(fft_size)) {}
OfdmModulator::~OfdmModulator() = default;
OfdmModulator::OfdmModulator(OfdmModulator&&) noexcept = default;
OfdmModulator& OfdmModulator::operator=(OfdmModulator&&) noexcept = default;

void OfdmModulator::add_slot(const OfdmModulateShape& shape, std::span<const cf32> grid, int first_sample,
                             std::span<cf32> samples) noexcept {
  assert(shape.subcarriers <= fft_size_);
  // A symbol fills the samples whose delayed instant lies in its window [start - prefix, start + fft_size): whole
  // samples from the ceiling on; the fraction that is left turns the subcarriers.
  const double whole = std::ceil(shape.delay_samples);
  const double cycles_per_subcarrier = (whole - shape.delay_samples) / fft_size_;
  const auto scale = static_cast<float>(1 / std::sqrt(static_cast<double>(fft_size_)));
  for (std::size_t symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
    const int prefix = shape.prefix_samples[symbol];
    const int window = shape.symbol_start[symbol] - prefix + static_cast<int>(whole) - first_sample;
    const int begin = std::max(window, 0);
    const int end = std::min(window + prefix + fft_size_, static_cast<int>(samples.size()));
    if (begin >= end) continue;
    const auto row = grid.subspan(symbol * shape.grid_stride, shape.subcarriers);
    if (std::all_of(row.begin(), row.end(), [](cf32 x) { return x == cf32{}; })) continue;
    plan_->transform(row, scale * shape.symbol_gain[symbol], cycles_per_subcarrier);
    int n = (begin - window + fft_size_ - prefix) % fft_size_;
    for (cf32& sample : samples.subspan(begin, end - begin)) {
      sample = sample + cf32{plan_->symbol[n][0], plan_->symbol[n][1]};
      if (++n == fft_size_) n = 0;
    }
  }
}

}  // namespace pado
