// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/reference/complex.h"

namespace pado::reference {

struct Beams {
  Matrix weights;            // layer x antenna
  std::vector<double> sinr;  // per layer
};

/// MMSE-IRC of one group: W = (HᴴR⁻¹H + I)⁻¹HᴴR⁻¹ and the SINR 1/[(HᴴR⁻¹H + I)⁻¹]_ll - 1. h: antenna x layer.
inline Beams receive_beams(const Matrix& h, const Matrix& covariance) {
  const Matrix whitened = hermitian(h) * inverse(covariance);
  const Matrix error = inverse(whitened * h + identity(h.columns));
  Beams beams{.weights = error * whitened, .sinr = {}};
  for (std::size_t l = 0; l < h.columns; ++l) beams.sinr.push_back(1 / error(l, l).real() - 1);
  return beams;
}

/// What a layer's weights achieve: its power over that of the other layers, the noise and the interference.
inline double achieved_sinr(const Matrix& weights, const Matrix& h, const Matrix& covariance, std::size_t layer) {
  const Matrix gains = weights * h;
  double disturbance = (weights * covariance * hermitian(weights))(layer, layer).real();
  for (std::size_t other = 0; other < h.columns; ++other)
    if (other != layer) disturbance += std::norm(gains(layer, other));
  return std::norm(gains(layer, layer)) / disturbance;
}

}  // namespace pado::reference
