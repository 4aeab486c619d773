// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/ofdm_modulate.h"

#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "phy/nr/numerology.h"
#include "tests/catch.h"
#include "tests/reference/ofdm_modulate.h"

using namespace pado;

namespace {

struct ModulateCase {
  int scs_hz, fft_size, subcarriers;
  double delay_samples;
};

struct Slot {
  OfdmModulateShape shape;
  int samples = 0;
  std::vector<cf32> grid;
};

Slot random_slot(const ModulateCase& c) {
  Slot slot;
  const auto timing = nr::slot_timing(c.scs_hz, c.fft_size, 0);
  slot.samples = timing.samples;
  slot.shape = {.subcarriers = c.subcarriers,
                .grid_stride = c.subcarriers + 4,
                .symbol_start = timing.symbol_start,
                .prefix_samples = timing.prefix_samples,
                .symbol_gain = {},
                .delay_samples = c.delay_samples};
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (auto& gain : slot.shape.symbol_gain) gain = {uniform(random), uniform(random)};
  slot.grid.resize(slot.shape.grid_stride * kSymbolsPerSlot);
  for (auto& x : slot.grid) x = {uniform(random), uniform(random)};
  return slot;
}

// The sample at an instant, by asking each symbol whether the instant is in its window.
std::complex<double> expected_sample(const Slot& slot, int fft_size, int n) {
  for (std::size_t l = 0; l < kSymbolsPerSlot; ++l) {
    const double time = n - slot.shape.delay_samples - slot.shape.symbol_start[l];
    if (time < -slot.shape.prefix_samples[l] || time >= fft_size) continue;
    const std::complex<double> gain(slot.shape.symbol_gain[l].re, slot.shape.symbol_gain[l].im);
    std::vector<std::complex<double>> row;
    for (int k = 0; k < slot.shape.subcarriers; ++k) {
      const auto x = slot.grid[l * slot.shape.grid_stride + k];
      row.push_back(gain * std::complex<double>(x.re, x.im));
    }
    return reference::ofdm_symbol(row, fft_size, time);
  }
  return 0;
}

}  // namespace

TEST_CASE("OFDM modulation: samples are those of TS 38.211, 5.3.1, whatever the delay", "[kernels][ofdm]") {
  const std::vector<ModulateCase> cases{{15000, 128, 72, 0},      {30000, 256, 132, 0},      {30000, 384, 372, 0},
                                        {15000, 128, 128, 3.3},   {30000, 256, 252, -20.75}, {30000, 128, 60, 300},
                                        {30000, 128, 60, -0.001}, {15000, 768, 636, 0.5}};
  for (const auto& c : cases) {
    INFO(c.fft_size << " points, delay " << c.delay_samples);
    const Slot slot = random_slot(c);
    const int before = 50, after = 400;
    std::vector<cf32> samples(before + slot.samples + after);
    OfdmModulator(c.fft_size).add_slot(slot.shape, slot.grid, -before, samples);
    double worst = 0;
    for (int n = -before; n < slot.samples + after; n += n % 64 == 0 ? 1 : 3) {
      const auto got = samples[n + before];
      worst = std::max(worst, std::abs(expected_sample(slot, c.fft_size, n) - std::complex<double>(got.re, got.im)));
    }
    CHECK(worst < 2e-5);
  }
}

TEST_CASE("OFDM modulation: a slot is added to what is there, and what lies outside is left out", "[kernels][ofdm]") {
  const Slot slot = random_slot({30000, 256, 132, 7.5});
  OfdmModulator modulator(256);
  std::vector<cf32> whole(slot.samples + 8), part(1000, cf32{1, -2});
  modulator.add_slot(slot.shape, slot.grid, 0, whole);
  modulator.add_slot(slot.shape, slot.grid, 777, part);
  for (std::size_t i = 0; i < part.size(); ++i) {
    CHECK(part[i].re == Approx(whole[i + 777].re + 1).margin(1e-6));
    CHECK(part[i].im == Approx(whole[i + 777].im - 2).margin(1e-6));
  }
}
