// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/simulator/luck.h"

#include <array>
#include <cmath>
#include <numbers>

namespace pado::scheduler {
namespace {

constexpr int kQuantiles = 4096;

// By bisection of the distribution: at the middle of each of 4,096 equal shares.
std::array<float, kQuantiles> quantiles() {
  std::array<float, kQuantiles> found{};
  for (int i = 0; i < kQuantiles; ++i) {
    const double share = (i + 0.5) / kQuantiles;
    double low = -6, high = 6;
    for (int step = 0; step < 50; ++step) {
      const double middle = (low + high) / 2;
      (0.5 * std::erfc(-middle / std::numbers::sqrt2) < share ? low : high) = middle;
    }
    found[i] = static_cast<float>(low);
  }
  return found;
}

}  // namespace

float normal(std::uint64_t bits) {
  static const std::array<float, kQuantiles> table = quantiles();
  return table[bits >> 52];
}

double Luck::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Luck::exponential(double mean) { return -mean * std::log(1 - uniform()); }

}  // namespace pado::scheduler
