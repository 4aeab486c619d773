// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/resampler.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;

namespace {

/// Tones over nearly the whole band of the slower side, at a time in samples of the input.
cf32 tones(double time, double band) {
  double re = 0, im = 0;
  int tone = 0;
  for (const double place : {-0.46, -0.31, -0.1, 0.02, 0.25, 0.46}) {
    const double angle = 2 * std::numbers::pi * (place * band * time + 0.17 * tone++);
    re += std::cos(angle), im += std::sin(angle);
  }
  return {static_cast<float>(re), static_cast<float>(im)};
}

/// Energy of the deviation from the tones over theirs, in dB.
double error_db(double ratio, double start) {
  const double band = std::min(1.0, ratio);
  std::vector<cf32> in(20000), out(static_cast<std::size_t>(10000 * ratio));
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = tones(static_cast<double>(i), band);
  stream::Resampler(ratio).run(in, start, out);
  double error = 0, energy = 0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const cf32 right = tones(start + static_cast<double>(n) / ratio, band);
    error += norm(out[n] - right), energy += norm(right);
  }
  return 10 * std::log10(error / energy);
}

}  // namespace

TEST_CASE("resampler: tones up to 0.92 of the band come out where and as they are, within -55 dB", "[resampler]") {
  for (const double ratio : {0.5, 0.75, 0.9, 1.0, 4.0 / 3, 1.537, 3.2}) {
    for (const double start : {5000.0, 4321.37}) {
      INFO("ratio " << ratio << ", start " << start);
      CHECK(error_db(ratio, start) < -55);
    }
  }
}

TEST_CASE("resampler: before and behind the input are zeros", "[resampler]") {
  const std::vector<cf32> in(100, cf32{1, 0});
  std::vector<cf32> out(400);
  stream::Resampler(2).run(in, -50, out);
  CHECK(std::abs(out[10].re) < 1e-4F);
  CHECK(out[200].re == Approx(1).margin(0.01));
  CHECK(std::abs(out[390].re) < 1e-4F);
}

TEST_CASE("resampler: what comes out does not depend on what went through before", "[resampler]") {
  stream::Resampler resampler(0.8);
  std::vector<cf32> in(3000), loud(3000, cf32{1000, 0}), first(500), second(500);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = tones(static_cast<double>(i), 0.8);
  resampler.run(in, 100.25, first);
  resampler.run(loud, 7.5, second);
  resampler.run(in, 100.25, second);
  CHECK(first == second);
}

TEST_CASE("resampler: ratios that are none are refused", "[resampler]") {
  for (const double ratio : {0.0, -1.0, 1e-3, 100.0, std::nan("")}) CHECK_THROWS_AS(stream::Resampler(ratio), Error);
}
