// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/mimo_correlation.h"

#include <cmath>

namespace pado::propagation {

ArrayCorrelation array_correlation(MimoCorrelation level) {
  switch (level) {
    case MimoCorrelation::medium:
      return {.base_station = 0.9, .ue = 0.3};
    case MimoCorrelation::high:
      return {.base_station = 0.9, .ue = 0.9};
    default:
      return {};
  }
}

std::vector<double> correlation_matrix(int antennas, double coefficient) {
  std::vector<double> matrix;
  for (int i = 0; i < antennas; ++i) {
    for (int j = 0; j < antennas; ++j) {
      const double apart = i == j ? 0 : static_cast<double>(i - j) / (antennas - 1);
      matrix.push_back(i == j ? 1 : std::pow(coefficient, apart * apart));
    }
  }
  return matrix;
}

std::vector<double> triangular_root(const std::vector<double>& matrix, int size) {
  std::vector<double> root(matrix.size());
  const auto at = [size](int i, int j) { return static_cast<std::size_t>(i * size + j); };
  for (int j = 0; j < size; ++j) {
    for (int i = j; i < size; ++i) {
      double rest = matrix[at(i, j)];
      for (int k = 0; k < j; ++k) rest -= root[at(i, k)] * root[at(j, k)];
      if (i == j)
        root[at(i, j)] = std::sqrt(std::fmax(rest, 0));
      else
        root[at(i, j)] = root[at(j, j)] > 1e-7 ? rest / root[at(j, j)] : 0;
    }
  }
  return root;
}

}  // namespace pado::propagation
