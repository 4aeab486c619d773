// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// estimate_channel against what the pilots went through: does the recipe find the truth?
#include <cmath>

#include "tests/kernels/dmrs_slot.h"
#include "tests/reference/wiener.h"

using namespace pado;
using reference::Complex;

namespace {

// Squared error of the estimate over symbols first..13 and all subcarriers, over the channel's power.
double relative_square_error(const tests::DmrsSlot& slot, const tests::Estimated& got, int step = 1) {
  const DmrsShape& s = slot.shape;
  double error = 0, power = 0;
  for (int a = 0; a < s.antennas; ++a) {
    for (int l = 0; l < s.layers; ++l) {
      for (int symbol = 0; symbol < kSymbolsPerSlot; symbol += step) {
        for (int k = 0; k < 12 * s.prbs; ++k) {
          const Complex truth = slot.channel_at(a, l, symbol, k);
          error += std::norm(tests::estimate_at(s, got, a, l, symbol, k) - truth);
          power += std::norm(truth);
        }
      }
    }
  }
  return error / power;
}

double closest_lag_s(const DmrsShape& s) {
  double lag = 1;
  for (int i = 1; i < s.dmrs_symbols; ++i)
    lag = std::min(lag, static_cast<double>(s.symbol_time_s[s.dmrs_symbol[i]] - s.symbol_time_s[s.dmrs_symbol[i - 1]]));
  return lag;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("channel truth: every pair of ports finds its own layers", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  for (const std::vector<int>& ports :
       {std::vector{0}, {1}, {2}, {3}, {0, 1}, {1, 0}, {0, 2}, {1, 3}, {2, 3}, {3, 0}}) {
    const auto slot = tests::random_slot({.prbs = 12, .antennas = 2, .ports = ports, .symbols = {2, 11}},
                                         {.snr_db = 25, .delay_s = 300e-9, .delay_spread_s = 50e-9, .cfo_hz = -200});
    INFO(ports[0] << " and " << ports.back());
    CHECK(relative_square_error(slot, estimate(slot)) < 0.003);
  }
}

TEMPLATE_LIST_TEST_CASE("channel truth: delays are found up to 4 us at 30 kHz, 8 us at 15 kHz", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const int scs_hz : {15000, 30000}) {
    tests::Estimator<TestType> estimate(scs_hz);
    for (const double range : {-0.96, -0.5, -0.1, 0.0, 0.02, 0.3, 0.7, 0.96}) {
      for (const int port : {0, 1, 3}) {
        const double delay_s = range / (8 * scs_hz);
        const auto slot = tests::random_slot(
            {.prbs = 25, .antennas = 2, .ports = {port}, .symbols = {2, 11}, .scs_hz = scs_hz}, {.delay_s = delay_s});
        INFO(delay_s);
        const auto got = estimate(slot);
        CHECK(std::abs(got.summary.timing_offset_s - delay_s) < 10e-9 * (30000.0 / scs_hz));
        CHECK(relative_square_error(slot, got, 5) < 0.01);
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel truth: CFO is found over what the closest DM-RS symbols resolve, finer with the rest",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  for (const std::vector<int>& symbols :
       {std::vector{2, 11}, {2, 3}, {3, 7, 11}, {2, 5, 8, 11}, {2, 3, 10, 11}, {2, 7, 11}}) {
    for (const double range : {-0.95, -0.4, 0.0, 0.01, 0.6, 0.95}) {
      tests::DmrsCase c{.prbs = 25, .antennas = 2, .ports = {0, 1}, .symbols = symbols};
      const double cfo_hz = range / 2 / closest_lag_s(tests::random_slot(c, {}).shape);
      const auto slot = tests::random_slot(c, {.snr_db = 15, .cfo_hz = cfo_hz});
      const DmrsShape& s = slot.shape;
      const double span_s = s.symbol_time_s[symbols.back()] - s.symbol_time_s[symbols.front()];
      const double deviation_hz = 1 / (2 * M_PI * span_s * std::sqrt(2 * 2 * 150 * 2 * std::pow(10, 1.5)));
      INFO(cfo_hz << " Hz, " << symbols.size() << " symbols");
      CHECK(std::abs(estimate(slot).summary.cfo_hz - cfo_hz) < 6 * deviation_hz);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel truth: a single DM-RS symbol tells no CFO", "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  const auto got =
      estimate(tests::random_slot({.prbs = 25, .antennas = 2, .ports = {0}, .symbols = {2}}, {.cfo_hz = 500}));
  CHECK(got.summary.cfo_hz == 0);
  CHECK(got.summary.doppler_hz == 0);
  CHECK(got.summary.branches == 1);
}

TEMPLATE_LIST_TEST_CASE("channel truth: noise is found antenna by antenna", "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  for (const std::vector<int>& ports : {std::vector{0}, {3}, {0, 1}, {0, 2}}) {
    for (const double snr_db : {0.0, 15.0, 30.0}) {
      const auto slot = tests::random_slot({.prbs = 106, .antennas = 4, .ports = ports, .symbols = {2, 11}},
                                           {.snr_db = snr_db, .noise_db = {0, 0, 9, -6}, .delay_spread_s = 30e-9}, 5);
      const auto got = estimate(slot);
      INFO(ports[0] << " and " << ports.back() << ", " << snr_db << " dB");
      for (int a = 0; a < 4; ++a) CHECK(got.summary.noise[a] == Approx(slot.noise[a]).epsilon(0.15));
      CHECK(got.summary.signal_power == Approx(1).epsilon(0.5));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel truth: on a flat channel the filter averages as its taps say", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  constexpr double kSnr_db = 9;  // a step of the table for pilots of the same amplitude
  const auto filter = reference::wiener_filter({1, 1, 0}, kSnr_db + 3, 9, 30000);  // two DM-RS symbols: 3 dB more
  const double noise = std::pow(10, -kSnr_db / 10);
  double expected = 0;  // of the window's middle PRB, which serves most others
  for (int m = 48; m < 60; ++m) {
    double squares = 0, sum = 0;
    for (std::size_t j = 0; j < 54; ++j) squares += std::norm(filter.taps(m, j)), sum += filter.taps(m, j).real();
    expected += (squares * noise / 2 + (1 - sum) * (1 - sum)) / 12;
  }
  double measured = 0;
  constexpr int kSlots = 8;
  for (unsigned seed = 1; seed <= kSlots; ++seed) {
    const auto slot = tests::random_slot({.prbs = 106, .antennas = 2, .ports = {0}, .symbols = {2, 11}, .amplitude = 1},
                                         {.snr_db = kSnr_db}, seed);
    measured += relative_square_error(slot, estimate(slot), 13) / kSlots;
  }
  CHECK(measured == Approx(expected).epsilon(0.15));
  CHECK(measured < noise / 2 / 3);  // least squares over both symbols leaves noise / 2
}

TEMPLATE_LIST_TEST_CASE("channel truth: Doppler gives a second branch, and a channel that follows it",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  for (const std::vector<int>& symbols : {std::vector{2, 11}, {2, 7, 11}, {2, 5, 8, 11}}) {
    int moving = 0, still = 0;
    double doppler_hz = 0, error = 0;
    constexpr int kSlots = 20;
    for (unsigned seed = 1; seed <= kSlots; ++seed) {
      const tests::DmrsCase c{.prbs = 25, .antennas = 4, .ports = {0}, .symbols = symbols};
      const auto fast = tests::random_slot(c, {.snr_db = 20, .delay_spread_s = 100e-9, .doppler_hz = 400}, seed);
      const auto got = estimate(fast);
      moving += got.summary.branches == 2 ? 1 : 0;
      doppler_hz += got.summary.doppler_hz / kSlots;
      error += relative_square_error(fast, got, 3) / kSlots;
      still += estimate(tests::random_slot(c, {.snr_db = 20}, seed)).summary.branches == 1 ? 1 : 0;
    }
    INFO(symbols.size() << " symbols");
    CHECK(moving == kSlots);
    CHECK(doppler_hz > 250);
    CHECK(doppler_hz < 550);
    CHECK(error < 0.02);
    CHECK(still > kSlots / 2);
  }
}

TEMPLATE_LIST_TEST_CASE("channel truth: the covariance is the noise's, and has an interferer's direction",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  const tests::DmrsCase c{.prbs = 25, .antennas = 4, .ports = {0}, .symbols = {2, 11}, .amplitude = 1};
  for (const double interferer_db : {-1000.0, 10.0, 20.0}) {
    const auto slot = tests::random_slot(c, {.snr_db = 20, .interferer_db = interferer_db}, 9);
    const auto got = estimate(slot);
    const double level = std::pow(10, interferer_db / 10);
    double along = 0, across = 0;  // power received from the interferer's direction, and from one orthogonal to it
    for (int prb = 0; prb < 25; ++prb) {
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 4; ++j) {
          const Complex r = reference::wide(
              got.covariance[static_cast<std::size_t>((i * 4 + j) * slot.shape.covariance_stride + prb)]);
          const Complex turn = std::polar(0.25 / 25 / slot.noise[0], 2 * M_PI * 0.37 * (j * j - i * i));
          along += (r * turn).real();
          across += (r * turn).real() * ((i % 2 == 0) == (j % 2 == 0) ? 1 : -1);
        }
      }
    }
    INFO(interferer_db << " dB");
    CHECK(along == Approx(1 + 4 * level).epsilon(0.25));
    // The estimate's own error counts as white; the interferer makes it larger.
    if (level < 1) CHECK(across == Approx(1).epsilon(0.2));
    CHECK(across < std::max(1.2, 0.06 * along));
  }
}
