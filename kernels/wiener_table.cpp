// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/wiener_table.h"

#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

namespace pado {
namespace {

double profile(double frequency_hz) {
  const double x = 2 * std::numbers::pi * frequency_hz * wiener::kDelaySpread_s;
  return (std::cos(x) + x * std::sin(x)) / (1 + x * x);
}

// In-place Cholesky factor of a symmetric positive definite n x n matrix: lower triangle.
void factor(std::vector<double>& a, int n) {
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (int k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
    }
  }
}

void solve(const std::vector<double>& l, int n, std::vector<double>& x) {
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < i; ++k) x[i] -= l[i * n + k] * x[k];
    x[i] /= l[i * n + i];
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int k = i + 1; k < n; ++k) x[i] -= l[k * n + i] * x[k];
    x[i] /= l[i * n + i];
  }
}

struct FilterCase {
  int type, ports, cdm_group, snr_step, window;
};

void make_filter(const FilterCase& c, double scs_hz, WienerTable& table) {
  const int n = wiener::window_prbs(c.window), pilots = pilots_per_prb(c.type) * n;
  const auto subcarrier = [&](int j) { return static_cast<double>(pilot_subcarrier(c.type, c.cdm_group, j)); };
  const double snr = std::pow(10.0, (wiener::kFirstSnr_db + wiener::kSnrStep_db * c.snr_step) / 10.0);
  std::vector<double> a(static_cast<std::size_t>(pilots * pilots));
  for (int i = 0; i < pilots; ++i) {
    for (int j = 0; j < pilots; ++j) {
      const double sharing = c.ports == 1 ? 1 : (i - j) % 2 == 0 ? 2 : 0;
      a[i * pilots + j] = profile((subcarrier(i) - subcarrier(j)) * scs_hz) * sharing + (i == j ? 1 / snr : 0);
    }
  }
  factor(a, pilots);
  const int filter = wiener::filter_index(c.type, c.ports, c.cdm_group, c.snr_step, c.window);
  float* taps = table.taps.data() + wiener::taps_offset(filter);
  std::vector<double> w(static_cast<std::size_t>(pilots)), r(w.size());
  for (int position = 0; position < n; ++position) {
    double error = 0, own = 0;
    for (int lane = 0; lane < 12; ++lane) {
      const int m = 12 * position + lane;
      for (int j = 0; j < pilots; ++j) w[j] = r[j] = profile((m - subcarrier(j)) * scs_hz);
      solve(a, pilots, w);
      double explained = 0;
      for (int j = 0; j < pilots; ++j) {
        explained += w[j] * r[j];
        taps[(position * pilots + j) * wiener::kLanes + lane] = static_cast<float>(w[j]);
        if (m == pilot_subcarrier(c.type, c.cdm_group, j)) own += w[j] * c.ports;
      }
      error += 1 - explained;
    }
    const int index = wiener::position_index(filter, position);
    table.error[index] = static_cast<float>(error / 12);
    table.freedom[index] = static_cast<float>(1 - own / pilots_per_prb(c.type));
  }
}

WienerTable make_table(double scs_hz) {
  WienerTable table;
  table.taps.resize(wiener::taps_offset(wiener::kFilters));
  table.error.resize(static_cast<std::size_t>(wiener::kFilters) * 9);
  table.freedom.resize(table.error.size());
  for (int type = 1; type <= 2; ++type)
    for (int ports = 1; ports <= 2; ++ports)
      for (int group = 0; group < (type == 2 ? 3 : 2); ++group)
        for (int step = 0; step < wiener::kSnrSteps; ++step)
          for (int window = 0; window < wiener::kWindows; ++window)
            make_filter({type, ports, group, step, window}, scs_hz, table);
  return table;
}

}  // namespace

const WienerTable& wiener_table(int scs_hz) {
  static std::mutex mutex;
  static std::map<int, WienerTable> tables;  // its nodes stay where they are
  const std::scoped_lock lock(mutex);
  const auto found = tables.find(scs_hz);
  return found != tables.end() ? found->second : tables.emplace(scs_hz, make_table(scs_hz)).first->second;
}

}  // namespace pado
