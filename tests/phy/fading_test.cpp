// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

#include "phy/propagation/fading_channel.h"
#include "phy/propagation/fast_awgn.h"
#include "phy/propagation/random_stream.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::propagation;

namespace {

constexpr double kTurn = 2 * std::numbers::pi;
const nr::Carrier kCarrier{.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .antennas = 2};

std::complex<double> wide(cf32 x) { return {x.re, x.im}; }

FadingConfig config_of(std::string_view profile, std::uint64_t stream = 0) {
  return {.profile = &tdl_profile(profile), .delay_spread_s = 300e-9, .doppler_hz = 300, .seed = 9, .stream = stream};
}

}  // namespace

TEST_CASE("fading: the power delay profile is the table's", "[phy][fading]") {
  for (const char* name : {"tdl-a", "tdl-b", "tdl-c"}) {
    const auto taps = tdl_profile(name).taps;
    std::vector<double> power(taps.size());
    double sum = 0;
    constexpr int kDraws = 800;
    for (int draw = 0; draw < kDraws; ++draw) {
      FadingChannel channel(kCarrier, config_of(name, draw));
      channel.set_slot(20 * draw);
      for (std::size_t tap = 0; tap < taps.size(); ++tap) {
        for (int antenna = 0; antenna < 2; ++antenna) {
          power[tap] += norm(channel.tap(0, antenna, static_cast<int>(tap))) / (2.0 * kDraws);
        }
      }
    }
    for (const TdlTap& tap : taps) sum += std::pow(10, tap.power_db / 10);
    for (std::size_t tap = 0; tap < taps.size(); ++tap) {
      INFO(name << " tap " << tap);
      CHECK(power[tap] == Approx(std::pow(10, taps[tap].power_db / 10) / sum).epsilon(0.12));
    }
  }
}

TEST_CASE("fading: tables have the delays and mean powers that TR 38.901 prints", "[phy][fading]") {
  CHECK(tdl_profile("tdl-a").taps.size() == 23);
  CHECK(tdl_profile("tdl-b").taps.size() == 23);
  CHECK(tdl_profile("tdl-c").taps.size() == 24);
  for (const char* name : {"tdl-a", "tdl-b", "tdl-c"}) {  // delays are normalised: their spread over the powers is 1
    double sum = 0, mean = 0, square = 0, most = -100;
    for (const TdlTap& tap : tdl_profile(name).taps) {
      const double power = std::pow(10, tap.power_db / 10);
      sum += power;
      mean += power * tap.delay;
      square += power * tap.delay * tap.delay;
      most = std::max(most, tap.power_db);
    }
    INFO(name);
    CHECK(std::sqrt(square / sum - std::pow(mean / sum, 2)) == Approx(1).epsilon(0.01));
    CHECK(most == 0);
  }
  CHECK_THROWS_WITH(tdl_profile("tdl-z"), ContainsSubstring("profile tdl-z: not known; there are tdl-a, tdl-b, tdl-c"));
}

TEST_CASE("fading: the autocorrelation of a tap is Bessel's J0 of the Doppler", "[phy][fading]") {
  constexpr int kDraws = 600, kLags = 30;
  const double doppler_hz = 300;
  std::vector<std::complex<double>> correlation(kLags);
  double power = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    FadingChannel channel(kCarrier, config_of("tdl-a", draw));
    std::vector<std::complex<double>> first;
    for (int lag = 0; lag < kLags; ++lag) {  // slots of 0.5 ms: up to 4.4 cycles of the Doppler
      channel.set_slot(100 * draw + lag);
      for (int tap = 0, i = 0; tap < channel.taps(); ++tap) {
        for (int antenna = 0; antenna < 2; ++antenna, ++i) {
          const auto x = wide(channel.tap(3, antenna, tap));
          if (lag == 0) first.push_back(x);
          correlation[lag] += x * std::conj(first[i]);
          if (lag == 0) power += std::norm(x);
        }
      }
    }
  }
  for (int lag = 0; lag < kLags; ++lag) {
    INFO(lag);
    const double expected = std::cyl_bessel_j(0, kTurn * doppler_hz * 0.5e-3 * lag);
    CHECK(std::abs(correlation[lag] / power - expected) < 0.03);
  }
}

TEST_CASE("fading: runs on without a step from symbol to symbol and from slot to slot", "[phy][fading]") {
  FadingChannel channel(kCarrier, config_of("tdl-c"));
  channel.set_slot(4000);
  const auto last = wide(channel.tap(13, 1, 5)), before = wide(channel.tap(12, 1, 5));
  channel.set_slot(4001);
  const auto next = wide(channel.tap(0, 1, 5));
  CHECK(std::abs((next - last) - (last - before)) < 0.1 * std::abs(last - before) + 1e-4);
  channel.set_slot(4000);
  CHECK(wide(channel.tap(13, 1, 5)) == last);  // the same whatever was asked before
}

TEST_CASE("fading: the response is the sum of the taps at their delays", "[phy][fading]") {
  auto config = config_of("tdl-b", 3);
  config.delay_s = 0.2e-6;
  config.gain_db = 6;
  FadingChannel channel(kCarrier, config);
  channel.set_slot(77);
  const int first = 100;
  std::vector<cf32> got(60);
  channel.response(9, 1, first, got);
  for (std::size_t k = 0; k < got.size(); ++k) {
    const double frequency_hz = 30000.0 * (first + static_cast<int>(k) - 144);
    std::complex<double> expected = 0;
    for (int tap = 0; tap < channel.taps(); ++tap) {
      const double delay_s = 0.2e-6 + 300e-9 * tdl_profile("tdl-b").taps[tap].delay;
      expected += wide(channel.tap(9, 1, tap)) * std::polar(1.0, -kTurn * frequency_hz * delay_s);
    }
    CHECK(std::abs(wide(got[k]) - expected) < 1e-5);
  }
}

TEST_CASE("fading: has unit mean power, times the gain", "[phy][fading]") {
  double power = 0;
  constexpr int kDraws = 1500;
  std::vector<cf32> channel(288);
  for (int draw = 0; draw < kDraws; ++draw) {
    auto config = config_of("tdl-a", draw);
    config.gain_db = 3;
    FadingChannel fading(kCarrier, config);
    fading.set_slot(draw);
    for (int antenna = 0; antenna < 2; ++antenna) {
      fading.response(5, antenna, 0, channel);
      for (const cf32 x : channel) power += norm(x) / (288.0 * 2 * kDraws);
    }
  }
  CHECK(power == Approx(std::pow(10, 0.3)).epsilon(0.04));
}

TEST_CASE("fading: antennas and streams fade independently, the same stream the same", "[phy][fading]") {
  std::complex<double> antennas = 0, streams = 0;
  double power = 0;
  constexpr int kDraws = 1000;
  for (int draw = 0; draw < kDraws; ++draw) {
    FadingChannel one(kCarrier, config_of("tdl-a", 2 * draw)), other(kCarrier, config_of("tdl-a", 2 * draw + 1));
    one.set_slot(1);
    other.set_slot(1);
    antennas += wide(one.tap(0, 0, 1)) * std::conj(wide(one.tap(0, 1, 1)));
    streams += wide(one.tap(0, 0, 1)) * std::conj(wide(other.tap(0, 0, 1)));
    power += norm(one.tap(0, 0, 1));
  }
  CHECK(std::abs(antennas) < 0.1 * power);
  CHECK(std::abs(streams) < 0.1 * power);
  FadingChannel one(kCarrier, config_of("tdl-a", 8)), again(kCarrier, config_of("tdl-a", 8));
  one.set_slot(5);
  again.set_slot(5);
  CHECK(one.tap(2, 1, 7) == again.tap(2, 1, 7));
}

TEST_CASE("fading: what is sent arrives times the channel, and only where it was sent", "[phy][fading]") {
  FadingChannel fading(kCarrier, config_of("tdl-c", 1));
  fading.set_slot(3);
  TransmitGrid sent(1, kCarrier), received(2, kCarrier);
  RandomStream random(1, 1);
  for (cf32& x : sent.elements) x = {static_cast<float>(random.uniform()), static_cast<float>(random.uniform())};
  received.row(1, 6)[150] = {1, 2};
  fading.add(sent, 10, 4, received);
  std::vector<cf32> channel(48);
  fading.response(6, 1, 120, channel);
  CHECK(std::abs(wide(received.row(1, 6)[150]) - std::complex<double>(1, 2) -
                 wide(channel[30]) * wide(sent.row(0, 6)[150])) < 1e-5);
  CHECK(received.row(1, 6)[119] == cf32{});
  CHECK(received.row(1, 6)[168] == cf32{});
  CHECK(norm(received.row(0, 13)[167]) > 0);
}

TEST_CASE("fading: what cannot be is refused", "[phy][fading]") {
  auto config = config_of("tdl-a");
  config.doppler_hz = std::nan("");
  CHECK_THROWS_WITH(FadingChannel(kCarrier, config),
                    ContainsSubstring("fading: doppler_hz nan is not from 0 to 10000"));
  config = config_of("tdl-a");
  config.delay_spread_s = -1;
  CHECK_THROWS_WITH(FadingChannel(kCarrier, config), ContainsSubstring("delay_spread_s -1 is not from"));
}

TEST_CASE("fast noise: is white, circular and Gaussian, and the same for the same seed", "[phy][fading]") {
  std::vector<cf32> noise(400001), again(noise.size()), other(noise.size());
  add_fast_awgn(0.25, 7, 3, noise);
  add_fast_awgn(0.25, 7, 3, again);
  add_fast_awgn(0.25, 7, 4, other);
  CHECK(noise == again);
  const auto count = static_cast<double>(noise.size());
  double energy = 0, fourth = 0, sixth = 0;
  std::complex<double> mean = 0, square = 0, cross = 0, neighbour = 0;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    const auto x = wide(noise[i]);
    const double e = std::norm(x);
    energy += e / count;
    fourth += e * e / count;
    sixth += e * e * e / count;
    mean += x;
    square += x * x;
    cross += x * std::conj(wide(other[i]));
    neighbour += i == 0 ? 0 : x * std::conj(wide(noise[i - 1]));
  }
  CHECK(energy == Approx(0.25).epsilon(0.01));
  CHECK(fourth == Approx(2 * std::pow(0.25, 2)).epsilon(0.02));  // E|x|^2n = n! (E|x|^2)^n
  CHECK(sixth == Approx(6 * std::pow(0.25, 3)).epsilon(0.04));
  for (const auto sum : {square, cross, neighbour}) CHECK(std::abs(sum) / count < 0.25 * 0.01);
  CHECK(std::abs(mean) / count < 0.5 * 0.01);
}
