// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/fading_slot.h"

#include <complex>
#include <vector>

#include "phy/propagation/random_stream.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::propagation;

namespace {

constexpr int kStride = 304;
const nr::Carrier kCarrier{.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .antennas = 2};

FadingConfig config_of(double doppler_hz) {
  return {.profile = &tdl_profile("tdlb100"), .doppler_hz = doppler_hz, .seed = 3, .transmit_antennas = 2};
}

}  // namespace

TEST_CASE("fading slot: the polynomials are orthonormal over the slot", "[phy][fading]") {
  for (int i = 0; i < FadingSlot::kParts; ++i) {
    for (int j = 0; j < FadingSlot::kParts; ++j) {
      double sum = 0;
      for (int l = 0; l < nr::kSymbolsPerSlot; ++l)
        sum += static_cast<double>(FadingSlot::value(i, l)) * FadingSlot::value(j, l);
      CHECK(sum == Approx(i == j ? 1 : 0).margin(1e-6));
    }
  }
}

TEST_CASE("fading slot: what arrives is what the channel itself makes of it, to -50 dB at 400 Hz", "[phy][fading]") {
  FadingSlot slot(kCarrier, config_of(400), kStride);
  FadingChannel channel(kCarrier, config_of(400));
  TransmitGrid sent(2, kCarrier);
  RandomStream random(1, 1);
  for (cf32& x : sent.elements) {
    const auto value = random.gaussian();
    x = {static_cast<float>(value.real()), static_cast<float>(value.imag())};
  }
  double error = 0, energy = 0;
  for (int draw = 0; draw < 20; ++draw) {
    slot.set_slot(1000 * draw);
    channel.set_slot(1000 * draw);
    TransmitGrid expected(2, kCarrier);
    channel.add(sent, 0, 24, expected);
    std::vector<cf32> received(2 * nr::kSymbolsPerSlot * kStride);
    slot.add(sent, 0.5F, received);
    for (int antenna = 0; antenna < 2; ++antenna) {
      for (int l = 0; l < nr::kSymbolsPerSlot; ++l) {
        for (int k = 0; k < 288; ++k) {
          const cf32 got = received[(antenna * nr::kSymbolsPerSlot + l) * kStride + k];
          energy += norm(expected.row(antenna, l)[k]);
          error += norm(2.0F * got - expected.row(antenna, l)[k]);
        }
      }
    }
  }
  CHECK(10 * std::log10(error / energy) < -50);
}

TEST_CASE("fading slot: its first two parts are the best line through the channel", "[phy][fading]") {
  FadingSlot slot(kCarrier, config_of(300), kStride);
  FadingChannel channel(kCarrier, config_of(300));
  slot.set_slot(5);
  channel.set_slot(5);
  std::complex<double> mean = 0, along = 0;
  for (int l = 0; l < nr::kSymbolsPerSlot; ++l) {
    std::vector<cf32> now(1);
    channel.response(l, 1, 70, now, 1);
    mean += std::complex<double>(now[0].re, now[0].im) * static_cast<double>(FadingSlot::value(0, l));
    along += std::complex<double>(now[0].re, now[0].im) * static_cast<double>(FadingSlot::value(1, l));
  }
  const cf32 first = slot.part(1, 1, 0)[70], second = slot.part(1, 1, 1)[70];
  CHECK(std::abs(mean - std::complex<double>(first.re, first.im)) < 1e-4);
  CHECK(std::abs(along - std::complex<double>(second.re, second.im)) < 1e-4);
}
