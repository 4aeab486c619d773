// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scheduler/simulator/luck.h"

namespace pado::scheduler {
namespace {

constexpr int kResamples = 1000;

// The 97.5 % point of Student's t: an expansion around the normal's, right to 1 % from four degrees of freedom on.
double student_t(double freedom) {
  constexpr double z = 1.959964;
  const double z3 = z * z * z, z5 = z3 * z * z;
  return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom);
}

}  // namespace

Estimate estimate(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, student_t(n - 1) * std::sqrt(squares / (n - 1) / n)};
}

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return std::nan("");
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[below];
  if (below + 1 == std::ssize(values)) return low;
  const double high = *std::min_element(values.begin() + below + 1, values.end());
  return low + (place - static_cast<double>(below)) * (high - low);
}

Interval bootstrap(int seeds, const std::function<double(std::span<const int>)>& figure) {
  std::vector<int> chosen(seeds);
  std::iota(chosen.begin(), chosen.end(), 0);
  Interval found;
  found.value = figure(chosen);
  Luck luck(1, Draw::scenario, seeds);
  std::vector<double> figures;
  for (int i = 0; i < kResamples; ++i) {
    for (int& seed : chosen) seed = static_cast<int>(luck.uniform() * seeds);
    figures.push_back(figure(chosen));
  }
  found.low = quantile(figures, 0.025);
  found.high = quantile(figures, 0.975);
  return found;
}

}  // namespace pado::scheduler
