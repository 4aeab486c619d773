// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/symbol_length.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <set>

namespace pado::station {
namespace {

constexpr std::size_t kKept = 3;

/// Rates at which radios sample: those of the numerologies, and round ones.
constexpr double kRatesMhz[] = {1.92,  3.84,  5.76, 7.68,  9.6,    11.52,  15.36, 19.2, 23.04, 30.72, 38.4, 40.32,
                                46.08, 61.44, 76.8, 92.16, 122.88, 245.76, 10,    12.5, 16,    20,    25,   30,
                                31.25, 33.33, 40,   50,    62.5,   80,     100,   125,  200,   250};
constexpr double kRatios[] = {0.25, 0.375, 0.5, 0.625, 2.0 / 3, 0.75, 0.8, 0.9, 1.1, 1.25, 4.0 / 3, 1.5, 1.6, 2, 3, 4};

/// How much of the window's energy comes again after so many samples.
double repetition(const SampleWindow& window, int lag) {
  std::complex<double> sum;
  double energy = 0;
  for (int antenna = 0; antenna < window.antennas; ++antenna) {
    const cf32* x = window.data.data() + static_cast<std::size_t>(antenna) * static_cast<std::size_t>(window.samples);
    for (int i = 0; i + lag < window.samples; ++i) {
      const cf32 product = x[i + lag] * conj(x[i]);
      sum += std::complex<double>(product.re, product.im);
      energy += norm(x[i]);
    }
  }
  return energy > 0 ? std::abs(sum) / energy : 0;
}

}  // namespace

std::vector<double> likely_rate_ratios(const nr::Carrier& carrier, const SampleWindow& window) {
  const double rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
  std::set<double> ratios(std::begin(kRatios), std::end(kRatios));
  for (const double mhz : kRatesMhz) ratios.insert(mhz * 1e6 / rate_hz);
  std::vector<std::pair<double, double>> ranked;
  for (const double ratio : ratios) {
    const auto lag = static_cast<int>(std::lround(ratio * carrier.fft_size));
    if (!ranked.empty() && std::abs(ratio - ranked.back().second) < 1e-6) continue;  // the set's order is ascending
    if (ratio < 0.2 || ratio > 5 || lag >= window.samples || std::abs(ratio - 1) < 1e-6) continue;
    ranked.emplace_back(repetition(window, lag), ratio);
  }
  std::ranges::sort(ranked, std::greater<>());
  std::vector<double> best;
  for (std::size_t i = 0; i < std::min(kKept, ranked.size()); ++i) best.push_back(ranked[i].second);
  return best;
}

}  // namespace pado::station
