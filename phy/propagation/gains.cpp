// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/gains.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "phy/propagation/random_stream.h"

namespace pado::propagation {
namespace {

constexpr int kMaxDraws = 10'000;

}  // namespace

Gains phase_gains(int antennas, int layers, std::uint64_t seed, std::uint64_t stream) {
  RandomStream random(seed, stream);
  Gains gains{antennas, layers, {}};
  for (int antenna = 0; antenna < antennas; ++antenna) {
    const double phase = random.uniform();
    for (int layer = 0; layer < layers; ++layer) {  // columns of a Fourier matrix
      const double cycles = phase + static_cast<double>(antenna * layer) / antennas;
      gains.values.push_back(std::polar(1.0, 2 * std::numbers::pi * cycles));
    }
  }
  return gains;
}

Gains rayleigh_gains(int antennas, int layers, std::uint64_t seed, std::uint64_t stream, double condition_limit) {
  RandomStream random(seed, stream);
  Gains gains{antennas, layers, std::vector<std::complex<double>>(antennas * layers)};
  for (auto& gain : gains.values) gain = random.gaussian();
  if (!(condition_limit > 1)) return gains;
  Gains best = gains;
  double least = condition_number(best);
  for (int draw = 0; least > condition_limit && draw < kMaxDraws; ++draw) {
    for (auto& gain : gains.values) gain = random.gaussian();
    if (const double condition = condition_number(gains); condition < least) {
      least = condition;
      best = gains;
    }
  }
  return best;
}

double condition_number(const Gains& gains) {
  // One-sided Jacobi: columns are turned against one another until they are orthogonal; their lengths are the singular
  // values then.
  Gains columns = gains;
  const auto at = [&](int antenna, int layer) -> std::complex<double>& {
    return columns.values[antenna * columns.layers + layer];
  };
  const auto product = [&](int p, int q) {
    std::complex<double> sum = 0;
    for (int antenna = 0; antenna < gains.antennas; ++antenna) sum += std::conj(at(antenna, p)) * at(antenna, q);
    return sum;
  };
  for (int sweep = 0; sweep < 12; ++sweep) {
    for (int p = 0; p < gains.layers; ++p) {
      for (int q = p + 1; q < gains.layers; ++q) {
        const std::complex<double> cross = product(p, q);
        if (std::abs(cross) == 0) continue;
        const double angle = std::atan2(2 * std::abs(cross), product(p, p).real() - product(q, q).real()) / 2;
        const std::complex<double> turn = std::sin(angle) * cross / std::abs(cross);
        for (int antenna = 0; antenna < gains.antennas; ++antenna) {
          const auto x = at(antenna, p), y = at(antenna, q);
          at(antenna, p) = std::cos(angle) * x + std::conj(turn) * y;
          at(antenna, q) = std::cos(angle) * y - turn * x;
        }
      }
    }
  }
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (int layer = 0; layer < gains.layers; ++layer) {
    const double energy = product(layer, layer).real();
    least = std::min(least, energy);
    most = std::max(most, energy);
  }
  return least > 1e-28 * most ? std::sqrt(most / least) : std::numeric_limits<double>::infinity();
}

TransmitGrid apply_gains(const Gains& gains, double amplitude, const TransmitGrid& grid) {
  TransmitGrid received = grid;
  received.layers = gains.antennas;
  const std::size_t plane = grid.elements.size() / grid.layers;
  received.elements.assign(plane * gains.antennas, {});
  for (int antenna = 0; antenna < gains.antennas; ++antenna) {
    for (int layer = 0; layer < grid.layers; ++layer) {
      const auto gain = amplitude * gains.at(antenna, layer);
      const cf32 g{static_cast<float>(gain.real()), static_cast<float>(gain.imag())};
      cf32* out = received.elements.data() + antenna * plane;
      for (const cf32 x : grid.layer(layer)) {
        *out = *out + g * x;
        ++out;
      }
    }
  }
  return received;
}

}  // namespace pado::propagation
