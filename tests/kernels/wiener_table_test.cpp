// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/wiener_table.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/reference/wiener.h"

using namespace pado;

namespace {

double tap(const WienerTable& table, int filter, int position, int pilot, int lane) {
  const int pilots =
      pilots_per_prb(filter < wiener::kType1Filters ? 1 : 2) * wiener::window_prbs(filter % wiener::kWindows);
  return table.taps[wiener::taps_offset(filter) +
                    static_cast<std::size_t>((position * pilots + pilot) * wiener::kLanes + lane)];
}

}  // namespace

TEST_CASE("Wiener table: filters are those of a dense solution", "[kernels][wiener]") {
  for (const int scs_hz : {15000, 30000}) {
    const WienerTable& table = wiener_table(scs_hz);
    for (const auto& [type, group] : {std::pair{1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}}) {
      for (int ports = 1; ports <= 2; ++ports) {
        for (const int step : {0, 5, 11, 19}) {
          for (int window = 0; window < wiener::kWindows; ++window) {
            const int prbs = wiener::window_prbs(window);
            const int filter = wiener::filter_index(type, ports, group, step, window);
            const auto expected = reference::wiener_filter({type, ports, group}, -15 + 3.0 * step, prbs, scs_hz);
            double worst = 0;
            for (int m = 0; m < 12 * prbs; ++m)
              for (int j = 0; j < pilots_per_prb(type) * prbs; ++j)
                worst = std::max(worst, std::abs(tap(table, filter, m / 12, j, m % 12) - expected.taps(m, j)));
            INFO(scs_hz << " Hz, type " << type << ", " << ports << " ports, CDM group " << group << ", step " << step
                        << ", " << prbs << " PRB");
            CHECK(worst < 1e-6);
            for (int p = 0; p < prbs; ++p) {
              const auto index = static_cast<std::size_t>(wiener::position_index(filter, p));
              CHECK(table.error[index] == Approx(expected.error[static_cast<std::size_t>(p)]).epsilon(1e-4));
              CHECK(table.freedom[index] == Approx(expected.freedom[static_cast<std::size_t>(p)]).epsilon(1e-4));
            }
          }
        }
      }
    }
  }
}

TEST_CASE("Wiener table: the lanes behind a PRB's 12 outputs are zero", "[kernels][wiener]") {
  const WienerTable& table = wiener_table(30000);
  REQUIRE(table.taps.size() == wiener::taps_offset(wiener::kFilters));
  bool all_zero = true;
  for (std::size_t i = 0; i < table.taps.size(); ++i)
    if (i % wiener::kLanes >= 12) all_zero = all_zero && table.taps[i] == 0;
  CHECK(all_zero);
}

TEST_CASE("Wiener table: more SNR and wider windows leave less error", "[kernels][wiener]") {
  const WienerTable& table = wiener_table(15000);
  for (int ports = 1; ports <= 2; ++ports) {
    for (int step = 0; step < wiener::kSnrSteps; ++step) {
      for (int window = 0; window < wiener::kWindows; ++window) {
        const auto middle = [&](int s, int w) {
          return table.error[static_cast<std::size_t>(
              wiener::position_index(wiener::filter_index(1, ports, 0, s, w), wiener::window_prbs(w) / 2))];
        };
        CHECK(middle(step, window) > 0);
        CHECK(middle(step, window) < 1);
        if (step > 0) CHECK(middle(step, window) < middle(step - 1, window));
        if (window >= 2) CHECK(middle(step, window) <= middle(step, window - 2) * 1.0001F);
      }
    }
  }
}

TEST_CASE("Wiener table: at high SNR a flat channel passes, and the other port of the comb does not",
          "[kernels][wiener]") {
  const WienerTable& table = wiener_table(30000);
  for (int ports = 1; ports <= 2; ++ports) {
    const int filter = wiener::filter_index(1, ports, 0, wiener::kSnrSteps - 1, wiener::kWindows - 1);
    for (int m = 0; m < 108; ++m) {
      double even = 0, odd = 0;
      for (int j = 0; j < 54; ++j) (j % 2 == 0 ? even : odd) += tap(table, filter, m / 12, j, m % 12);
      CHECK(even + odd == Approx(1).margin(0.01));
      if (ports == 2) CHECK(even - odd == Approx(0).margin(0.03));
    }
  }
}

TEST_CASE("Wiener table: the step of an SNR is the nearest in dB", "[kernels][wiener]") {
  for (double snr_db = -30; snr_db < 60; snr_db += 0.07) {
    const double nearest = std::clamp(std::round((snr_db + 15) / 3), 0.0, 19.0);
    const double middle_db = 3 * (std::floor((snr_db + 15) / 3) + 0.5) - 15;
    if (std::abs(snr_db - middle_db) < 0.001) continue;  // either is right
    INFO(snr_db << " dB");
    CHECK(wiener::snr_step(static_cast<float>(std::pow(10, snr_db / 10))) == static_cast<int>(nearest));
  }
  CHECK(wiener::snr_step(0) == 0);
}

TEST_CASE("Wiener table: a window lies in the allocation and holds its PRB, in the middle where it can",
          "[kernels][wiener]") {
  for (int prbs = 1; prbs <= 273; ++prbs) {
    const int window = wiener::window_index(prbs), n = wiener::window_prbs(window);
    CHECK(n <= prbs);
    if (window + 1 < wiener::kWindows) CHECK(wiener::window_prbs(window + 1) > prbs);
    for (int prb = 0; prb < prbs; ++prb) {
      const int start = wiener::window_start(prb, prbs, window);
      const bool inside = start >= 0 && start + n <= prbs && prb >= start && prb < start + n;
      const bool centred = start == prb - n / 2 || start == 0 || start == prbs - n;
      if (!(inside && centred)) FAIL_CHECK("PRB " << prb << " of " << prbs);
    }
  }
}
