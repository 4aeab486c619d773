// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/resampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <vector>

// liquid.h takes its complex type from <complex>, which has to come before it.
#include <liquid/liquid.h>

#include "phy/nr/error.h"

namespace pado::stream {
namespace {

constexpr double kMostRatio = 64;
constexpr int kReach = 32;          // samples of the slower side on either side
constexpr double kStopBandDb = 70;  // with this reach: a transition of 0.068 of the rate
constexpr int kFractions = 1024;    // of a sample between filters: their jitter is 63 dB down at the band's edge

int checked_reach(double ratio) {
  if (!(ratio >= 1 / kMostRatio && ratio <= kMostRatio))
    throw Error(
        fmt::format("a change of the sampling rate by {:.4g} is not from 1/{} to {}", ratio, kMostRatio, kMostRatio));
  return static_cast<int>(std::ceil(kReach / std::min(1.0, ratio)));
}

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

// Kaiser's window over -1 to 1. liquid-dsp has one too, through logarithms: a hundred times slower.
double kaiser(double x) {
  static const double beta = 0.1102 * (kStopBandDb - 8.7);
  const double quarter_square = beta * beta * std::max(0.0, 1 - x * x) / 4;
  double term = 1, bessel = 1;
  for (int k = 1; k < 40; ++k) bessel += term *= quarter_square / (k * k);
  return bessel;
}

}  // namespace

struct Resampler::Filter {
  firpfb_crcf bank;
};

void Resampler::Destroy::operator()(Filter* filter) const {
  firpfb_crcf_destroy(filter->bank);
  delete filter;
}

Resampler::Resampler(double ratio) : ratio_(ratio), reach_(checked_reach(ratio)) {
  std::vector<float> taps(2 * static_cast<std::size_t>(reach_) * kFractions);
  const double middle = static_cast<double>(taps.size()) / 2;
  for (std::size_t i = 0; i < taps.size(); ++i) {
    const double place = static_cast<double>(i) - middle;
    taps[i] = static_cast<float>(sinc(std::min(1.0, ratio) * place / kFractions) * kaiser(place / middle));
  }
  const float sum = std::accumulate(taps.begin(), taps.end(), 0.0F);
  for (float& tap : taps) tap *= kFractions / sum;
  filter_.reset(new Filter{firpfb_crcf_create(kFractions, taps.data(), static_cast<unsigned>(taps.size()))});
}

// With the samples up to n pushed, filter i of the bank gives the time n - reach + i / kFractions.
void Resampler::run(std::span<const cf32> in, double start, std::span<cf32> out) {
  firpfb_crcf bank = filter_->bank;
  firpfb_crcf_reset(bank);
  auto pushed = static_cast<std::int64_t>(std::floor(start)) - reach_ - 1;  // the last sample in the bank
  for (std::size_t n = 0; n < out.size(); ++n) {
    const auto ticks = std::llround((start + static_cast<double>(n) / ratio_ + reach_) * kFractions);
    const std::int64_t newest = ticks >= 0 ? ticks / kFractions : -((kFractions - 1 - ticks) / kFractions);
    while (pushed < newest) {
      ++pushed;
      const bool inside = pushed >= 0 && pushed < static_cast<std::int64_t>(in.size());
      const cf32 x = inside ? in[static_cast<std::size_t>(pushed)] : cf32{};
      firpfb_crcf_push(bank, {x.re, x.im});
    }
    std::complex<float> y;
    firpfb_crcf_execute(bank, static_cast<unsigned>(ticks - newest * kFractions), &y);
    out[n] = {y.real(), y.imag()};
  }
}

}  // namespace pado::stream
