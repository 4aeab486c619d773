// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/channel_time.h"

#include <array>
#include <cmath>
#include <vector>

#include "tests/catch.h"

using namespace pado;

namespace {

const std::vector<std::vector<int>> kSymbols{{2}, {2, 3}, {2, 11}, {3, 7, 11}, {2, 5, 8, 11}, {2, 3, 10, 11}};

// A 30 kHz slot: the first symbol's prefix is longer.
DmrsShape shape_of(const std::vector<int>& symbols) {
  DmrsShape s{.dmrs_symbols = static_cast<int>(symbols.size()), .scs_hz = 30000};
  for (int l = 0; l < kSymbolsPerSlot; ++l)
    s.symbol_time_s[l] = static_cast<float>((352 + 2048 + 4384 * l) / (30000.0 * 4096));
  for (std::size_t i = 0; i < symbols.size(); ++i) s.dmrs_symbol[i] = symbols[i];
  return s;
}

double time_of(const DmrsShape& s, int i) { return s.symbol_time_s[s.dmrs_symbol[i]]; }

}  // namespace

TEST_CASE("time correlation: J0 to 0.3 % up to 1.3, and its inverse", "[kernels][channel]") {
  for (double x = 0; x <= 1.3; x += 0.05) {
    CHECK(channel_time::correlation(static_cast<float>(x)) == Approx(std::cyl_bessel_j(0, x)).margin(0.003));
    CHECK(channel_time::argument(channel_time::correlation(static_cast<float>(x))) == Approx(x).margin(1e-3));
  }
  CHECK(channel_time::correlation(4) == 0);
  CHECK(channel_time::argument(1.1F) == 0);
  CHECK(std::isfinite(channel_time::argument(-1)));
}

TEST_CASE("CFO: exact over the range of the closest pair", "[kernels][channel]") {
  for (const auto& symbols : kSymbols) {
    if (symbols.size() < 2) continue;
    const DmrsShape s = shape_of(symbols);
    double closest_s = 1;
    for (int i = 1; i < s.dmrs_symbols; ++i) closest_s = std::min(closest_s, time_of(s, i) - time_of(s, i - 1));
    for (const double range : {-0.98, -0.3, 0.0, 0.001, 0.5, 0.98}) {
      const double cfo_hz = range / 2 / closest_s;
      std::array<cf32, kMaxDmrsSymbols * kMaxDmrsSymbols> pairs{};
      for (int i = 1; i < s.dmrs_symbols; ++i) {
        for (int j = 0; j < i; ++j) {
          const double turn = 2 * M_PI * cfo_hz * (time_of(s, i) - time_of(s, j));
          pairs[i * kMaxDmrsSymbols + j] = {static_cast<float>(3 * std::cos(turn)),
                                            static_cast<float>(3 * std::sin(turn))};
        }
      }
      INFO(symbols.size() << " symbols, " << cfo_hz << " Hz");
      CHECK(channel_time::estimate_cfo(s, pairs.data()) == Approx(cfo_hz).margin(0.01).epsilon(1e-5));
    }
  }
}

TEST_CASE("CFO: pairs so far apart that the channel has turned in between do not refine it", "[kernels][channel]") {
  const DmrsShape s = shape_of({2, 5, 8, 11});
  std::array<cf32, kMaxDmrsSymbols * kMaxDmrsSymbols> pairs{};
  for (int i = 1; i < s.dmrs_symbols; ++i) {
    for (int j = 0; j < i; ++j) {
      const double turn = 6.283185307179586 * 100 * (time_of(s, i) - time_of(s, j));
      const bool far_apart = i - j == 3;
      const double size = far_apart ? 0.3 : 1, wrong = far_apart ? 2.5 : 0;
      pairs[i * kMaxDmrsSymbols + j] = {static_cast<float>(size * std::cos(turn + wrong)),
                                        static_cast<float>(size * std::sin(turn + wrong))};
    }
  }
  CHECK(channel_time::estimate_cfo(s, pairs.data()) == Approx(100).margin(0.5));
}

TEST_CASE("CFO: 0 with a single symbol or without any signal", "[kernels][channel]") {
  const std::array<cf32, kMaxDmrsSymbols * kMaxDmrsSymbols> none{};
  for (const auto& symbols : kSymbols) CHECK(channel_time::estimate_cfo(shape_of(symbols), none.data()) == 0);
}

TEST_CASE("branches: orthonormal over the DM-RS symbols, one without Doppler", "[kernels][channel]") {
  for (const auto& symbols : kSymbols) {
    const DmrsShape s = shape_of(symbols);
    const auto still = channel_time::make_branches(s, 0), moving = channel_time::make_branches(s, 400);
    CHECK(still.count == 1);
    CHECK(moving.count == (symbols.size() > 1 ? 2 : 1));
    for (int a = 0; a < moving.count; ++a) {
      for (int b = 0; b < moving.count; ++b) {
        float product = 0;
        for (int i = 0; i < s.dmrs_symbols; ++i) product += moving.weight[a][i] * moving.weight[b][i];
        CHECK(product == Approx(a == b ? 1 : 0).margin(1e-6));
      }
    }
    CHECK(still.power[0] == Approx(static_cast<float>(symbols.size())));
  }
}

TEST_CASE("branches: a still channel is the same at each symbol", "[kernels][channel]") {
  for (const auto& symbols : kSymbols) {
    const DmrsShape s = shape_of(symbols);
    const auto b = channel_time::make_branches(s, 0);
    float mean = 0;  // of a channel of 1 at each DM-RS symbol
    for (int i = 0; i < s.dmrs_symbols; ++i) mean += b.weight[0][i];
    for (int l = 0; l < kSymbolsPerSlot; ++l)
      CHECK(mean * channel_time::branch_gain(s, b, 0, 0, s.symbol_time_s[l]) == Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("branches: two DM-RS symbols keep any values they have, whatever the Doppler", "[kernels][channel]") {
  const DmrsShape s = shape_of({2, 11});
  for (const float doppler_hz : {50.0F, 400.0F, 900.0F}) {
    const auto b = channel_time::make_branches(s, doppler_hz);
    for (int at = 0; at < 2; ++at) {
      for (int of = 0; of < 2; ++of) {
        float sum = 0;
        for (int i = 0; i < b.count; ++i)
          sum += b.weight[i][of] * channel_time::branch_gain(s, b, i, doppler_hz, s.symbol_time_s[s.dmrs_symbol[at]]);
        CHECK(sum == Approx(at == of ? 1 : 0).margin(1e-3));
      }
    }
  }
}

TEST_CASE("Doppler: found from its correlation, 0 where that is within its uncertainty", "[kernels][channel]") {
  for (const auto& symbols : kSymbols) {
    const DmrsShape s = shape_of(symbols);
    if (symbols.size() < 2) {
      CHECK(channel_time::estimate_doppler(s, 0.5F, 100, 300) == 0);
      continue;
    }
    const double span_s = time_of(s, s.dmrs_symbols - 1) - time_of(s, 0);
    for (const double x : {0.3, 0.8, 1.3}) {
      const double doppler_hz = x / (2 * M_PI * span_s);
      const auto rho = static_cast<float>(std::cyl_bessel_j(0, x));
      CHECK(channel_time::estimate_doppler(s, rho, 100, 300) == Approx(doppler_hz).epsilon(0.01));
    }
    CHECK(channel_time::estimate_doppler(s, 1, 100, 300) == 0);
    CHECK(channel_time::estimate_doppler(s, 0.99F, 1, 12) == 0);  // 12 pairs at 0 dB do not tell
    CHECK(channel_time::estimate_doppler(s, std::nanf(""), 100, 300) == 0);
  }
}
