// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/dc_removal.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "tests/catch.h"

using namespace pado;
using namespace pado::stream;

namespace {

constexpr int kFft = 512;
constexpr int kSamples = 15 * kFft;

/// A tone at a subcarrier on top of an offset, one antenna after another with its own.
std::vector<cf32> tone_and_offset(int antennas, int subcarrier, cf32 offset) {
  std::vector<cf32> slot;
  for (int antenna = 0; antenna < antennas; ++antenna) {
    for (int i = 0; i < kSamples; ++i) {
      const double phase = 2 * std::numbers::pi * subcarrier * i / kFft;
      slot.push_back(cf32{static_cast<float>(std::cos(phase)), static_cast<float>(std::sin(phase))} +
                     static_cast<float>(antenna + 1) * offset);
    }
  }
  return slot;
}

/// Mean over the symbol that starts at first of slot times the conjugate tone.
std::complex<double> amplitude(std::span<const cf32> slot, int first, int subcarrier) {
  std::complex<double> sum = 0;
  for (int i = first; i < first + kFft; ++i) {
    sum +=
        std::complex<double>(slot[i].re, slot[i].im) * std::polar(1.0, -2 * std::numbers::pi * subcarrier * i / kFft);
  }
  return sum / static_cast<double>(kFft);
}

}  // namespace

TEST_CASE("dc removal: an offset goes from the first symbol on, a neighbouring subcarrier stays", "[stream]") {
  std::vector<cf32> slot = tone_and_offset(2, 1, {0.5F, -0.25F});
  CHECK(std::abs(amplitude(slot, 0, 0)) > 0.5);
  DcRemoval(kFft).remove(slot, 2);
  for (const int antenna : {0, 1}) {
    for (const int first : {0, kFft, 13 * kFft}) {
      CHECK(std::abs(amplitude(slot, antenna * kSamples + first, 0)) < 0.02);
      CHECK(std::abs(amplitude(slot, antenna * kSamples + first, 1)) == Approx(1).margin(0.02));
    }
  }
}

TEST_CASE("dc removal: integers are treated alike and saturate", "[stream]") {
  std::vector<ci16> slot(kSamples);
  for (int i = 0; i < kSamples; ++i) {
    const double phase = 2 * std::numbers::pi * 3 * i / kFft;
    slot[i] = {static_cast<std::int16_t>(1000 + 3000 * std::cos(phase)),
               static_cast<std::int16_t>(3000 * std::sin(phase))};
  }
  DcRemoval(kFft).remove(slot, 1);
  double mean = 0;
  for (const ci16& sample : slot) mean += sample.re / static_cast<double>(kSamples);
  CHECK(std::abs(mean) < 20);

  std::vector<ci16> extreme(kSamples, ci16{-32768, 32767});
  for (int i = 0; i < kFft; ++i) extreme[10 * kFft + i] = {32767, -32768};
  DcRemoval(kFft).remove(extreme, 1);
  CHECK(extreme[10 * kFft].re == 32767);
  CHECK(extreme[10 * kFft].im == -32768);
}
