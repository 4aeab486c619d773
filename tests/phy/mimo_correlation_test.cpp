// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/mimo_correlation.h"

#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "phy/propagation/fading_channel.h"
#include "phy/propagation/random_stream.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::propagation;

namespace {

std::complex<double> wide(cf32 x) { return {x.re, x.im}; }

FadingConfig conformance_config(std::string_view profile, int transmit_antennas, MimoCorrelation level) {
  return {.profile = &tdl_profile(profile),
          .doppler_hz = 100,
          .seed = 4,
          .transmit_antennas = transmit_antennas,
          .correlation = level};
}

// Mean of tap[i] conj tap[j] over time, over the tap's power; paths [transmit][antenna].
std::vector<std::complex<double>> path_correlation(int antennas, int transmit_antennas, MimoCorrelation level) {
  const nr::Carrier carrier{.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .antennas = antennas};
  FadingChannel channel(carrier, conformance_config("tdlb100", transmit_antennas, level));
  const int paths = antennas * transmit_antennas;
  std::vector<std::complex<double>> sum(static_cast<std::size_t>(paths * paths));
  RandomStream random(1, 2);
  double power = 0;
  for (int draw = 0; draw < 1500; ++draw) {
    channel.set_slot(static_cast<std::int64_t>(random.uniform() * 1e8));
    for (int tap = 0; tap < channel.taps(); ++tap) {
      std::vector<std::complex<double>> gain;
      for (int path = 0; path < paths; ++path)
        gain.push_back(wide(channel.tap(5, path % antennas, tap, path / antennas)));
      for (int i = 0; i < paths; ++i) {
        power += std::norm(gain[i]) / paths;
        for (int j = 0; j < paths; ++j) sum[i * paths + j] += gain[i] * std::conj(gain[j]);
      }
    }
  }
  for (auto& x : sum) x /= power;
  return sum;
}

}  // namespace

TEST_CASE("correlation: arrays have the matrices of TS 38.104, G.2.3", "[phy][fading]") {
  const double a = array_correlation(MimoCorrelation::medium).base_station;
  CHECK(array_correlation(MimoCorrelation::medium).ue == 0.3);
  CHECK(array_correlation(MimoCorrelation::high).ue == 0.9);
  CHECK(correlation_matrix(1, a) == std::vector<double>{1});
  CHECK(correlation_matrix(2, a) == std::vector<double>{1, 0.9, 0.9, 1});
  const auto four = correlation_matrix(4, a);  // 1, alpha^(1/9), alpha^(4/9), alpha
  CHECK(four[1] == Approx(0.9884).margin(5e-5));
  CHECK(four[2] == Approx(0.9542).margin(1e-4));
  CHECK(four[3] == Approx(0.9).margin(5e-5));
  CHECK(four[4] == four[1]);
  const auto eight = correlation_matrix(8, a);
  CHECK(eight[1] == Approx(std::pow(0.9, 1.0 / 49)));
  CHECK(eight[7] == Approx(0.9));
  CHECK(correlation_matrix(8, 0)[1] == 0);
}

TEST_CASE("correlation: the root of a matrix gives it back", "[phy][fading]") {
  for (const double coefficient : {0.0, 0.3, 0.9}) {
    const auto matrix = correlation_matrix(8, coefficient);
    const auto root = triangular_root(matrix, 8);
    for (int i = 0; i < 8; ++i) {
      for (int j = 0; j < 8; ++j) {
        double sum = 0;
        for (int k = 0; k < 8; ++k) sum += root[i * 8 + k] * root[j * 8 + k];
        CHECK(sum == Approx(matrix[i * 8 + j]).margin(1e-6));
      }
    }
  }
}

TEST_CASE("fading: antennas of both sides are correlated as their level says", "[phy][fading]") {
  for (const auto level : {MimoCorrelation::low, MimoCorrelation::medium, MimoCorrelation::high}) {
    for (const int antennas : {1, 2, 4}) {
      for (const int transmit : {1, 2}) {
        const auto measured = path_correlation(antennas, transmit, level);
        const auto base_station = correlation_matrix(antennas, array_correlation(level).base_station),
                   ue = correlation_matrix(transmit, array_correlation(level).ue);
        const int paths = antennas * transmit;
        double worst = 0;
        for (int i = 0; i < paths; ++i) {
          for (int j = 0; j < paths; ++j) {
            const double expected =
                ue[i / antennas * transmit + j / antennas] * base_station[i % antennas * antennas + j % antennas];
            worst = std::max(worst, std::abs(measured[i * paths + j] - expected));
          }
        }
        INFO("level " << static_cast<int>(level) << ", " << transmit << " to " << antennas << " antennas");
        CHECK(worst < 0.05);
      }
    }
  }
}

TEST_CASE("fading: the conformance profiles have their powers and a spread of 30, 100 and 300 ns", "[phy][fading]") {
  const nr::Carrier carrier{.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .antennas = 2};
  for (const auto& [name, spread_ns] : {std::pair{"tdla30", 30.0}, {"tdlb100", 100.0}, {"tdlc300", 300.0}}) {
    const auto taps = tdl_profile(name).taps;
    REQUIRE(taps.size() == 12);
    FadingChannel channel(carrier, conformance_config(name, 1, MimoCorrelation::low));
    std::vector<double> power(taps.size());
    RandomStream random(1, 3);
    constexpr int kDraws = 4000;
    for (int draw = 0; draw < kDraws; ++draw) {
      channel.set_slot(static_cast<std::int64_t>(random.uniform() * 1e8));
      for (int tap = 0; tap < 12; ++tap)
        power[tap] += (norm(channel.tap(7, 0, tap)) + norm(channel.tap(7, 1, tap))) / (2.0 * kDraws);
    }
    double sum = 0, mean = 0, square = 0, measured_sum = 0;
    for (const TdlTap& tap : taps) sum += std::pow(10, tap.power_db / 10);
    for (std::size_t tap = 0; tap < taps.size(); ++tap) {
      const double expected = std::pow(10, taps[tap].power_db / 10) / sum;
      INFO(name << " tap " << tap);
      CHECK(power[tap] == Approx(expected).epsilon(0.1));
      measured_sum += power[tap];
      mean += expected * taps[tap].delay;
      square += expected * taps[tap].delay * taps[tap].delay;
    }
    CHECK(measured_sum == Approx(1).epsilon(0.03));
    CHECK(std::sqrt(square - mean * mean) == Approx(spread_ns).epsilon(0.1));
  }
}

TEST_CASE("fading: layers leave from antennas of their own and add up", "[phy][fading]") {
  const nr::Carrier carrier{.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .antennas = 2};
  FadingChannel channel(carrier, conformance_config("tdlc300", 2, MimoCorrelation::low));
  channel.set_slot(17);
  TransmitGrid sent(2, carrier), received(2, carrier);
  sent.row(0, 4)[100] = {1, 0};
  sent.row(1, 4)[100] = {0, 2};
  channel.add(sent, 0, 24, received);
  std::vector<cf32> first(1), second(1), direct(1);
  channel.response(4, 1, 100, first, 0);
  channel.response(4, 1, 100, second, 1);
  CHECK(std::abs(wide(received.row(1, 4)[100]) - wide(first[0]) - std::complex<double>(0, 2) * wide(second[0])) < 1e-5);
  CHECK(std::abs(wide(first[0]) - wide(second[0])) > 1e-3);
  std::vector<cf32> gains;
  for (int tap = 0; tap < channel.taps(); ++tap) gains.push_back(channel.tap(4, 1, tap, 1));
  channel.response_of(gains, 100, direct);
  CHECK(direct[0] == second[0]);
}
