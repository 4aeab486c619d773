// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/gains.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "phy/propagation/random_stream.h"

namespace pado::propagation {

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
  do {
    for (auto& gain : gains.values) gain = random.gaussian();
  } while (condition_limit > 1 && condition_number(gains) > condition_limit);
  return gains;
}

double condition_number(const Gains& gains) {
  assert(gains.layers >= 1 && gains.layers <= 2);
  if (gains.layers == 1) return 1;
  double first = 0, second = 0;  // the Gram matrix, whose eigenvalues are the singular values squared
  std::complex<double> cross = 0;
  for (int antenna = 0; antenna < gains.antennas; ++antenna) {
    first += std::norm(gains.at(antenna, 0));
    second += std::norm(gains.at(antenna, 1));
    cross += std::conj(gains.at(antenna, 0)) * gains.at(antenna, 1);
  }
  const double mean = (first + second) / 2;
  const double spread = std::hypot((first - second) / 2, std::abs(cross));
  return spread < mean ? std::sqrt((mean + spread) / (mean - spread)) : std::numeric_limits<double>::infinity();
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
