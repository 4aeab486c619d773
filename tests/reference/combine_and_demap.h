// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/reference/complex.h"
#include "tests/reference/modulate.h"

namespace pado::reference {

struct Point {
  std::vector<std::uint8_t> bits;
  Complex value;
};

/// All points of a constellation, TS 38.211, 5.1.3 to 5.1.6.
inline std::vector<Point> constellation(int bits_per_symbol) {
  std::vector<Point> points;
  for (int word = 0; word < 1 << bits_per_symbol; ++word) {
    Point point;
    for (int bit = 0; bit < bits_per_symbol; ++bit)
      point.bits.push_back(static_cast<std::uint8_t>((word >> (bits_per_symbol - 1 - bit)) & 1));
    point.value = modulate(point.bits);
    points.push_back(point);
  }
  return points;
}

/// What the weights make of one layer's element: z = (W y)_l, its gain g, and the variance of z / g.
struct Combined {
  Complex point;  // z / g
  double variance;
};

/// An MMSE combiner of SINR s has gain s / (1 + s) and noise s / (1 + s)^2 where its weights were made; at the element
/// itself g is the gain, and what other layers leak, a power, is noise as well.
inline Combined combined(Complex z, Complex g, double leaked, double sinr) {
  return {.point = z / g, .variance = (sinr / ((1 + sinr) * (1 + sinr)) + leaked) / std::norm(g)};
}

struct SoftBits {
  std::vector<double> llr;   // ln(p0 / p1) of each bit, max-log
  double squared_error = 0;  // distance to the nearest point
};

/// Max-log: the nearest point with the bit 1 against the nearest with the bit 0, over all points.
inline SoftBits soft_bits(const Combined& c, const std::vector<Point>& points) {
  const std::size_t bits = points[0].bits.size();
  constexpr double kFar = std::numeric_limits<double>::infinity();
  std::vector<double> nearest[2] = {std::vector<double>(bits, kFar), std::vector<double>(bits, kFar)};
  for (const Point& point : points) {
    const double distance = std::norm(c.point - point.value);
    for (std::size_t bit = 0; bit < bits; ++bit) {
      double& best = nearest[point.bits[bit]][bit];
      best = std::min(best, distance);
    }
  }
  SoftBits soft;
  for (std::size_t bit = 0; bit < bits; ++bit) soft.llr.push_back((nearest[1][bit] - nearest[0][bit]) / c.variance);
  soft.squared_error = std::min(nearest[0][0], nearest[1][0]);
  return soft;
}

}  // namespace pado::reference
