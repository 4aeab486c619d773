// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace pado::propagation {

/// Correlation between the antennas of uniform linear arrays, TS 38.104, annex G.2.3: the levels of its tests.
enum class MimoCorrelation { low, medium, high };

/// Between the outermost antennas of each side: alpha at the base station, beta at the UE.
struct ArrayCorrelation {
  double base_station = 0, ue = 0;
};
ArrayCorrelation array_correlation(MimoCorrelation level);

/// The correlation matrix of one side, [antenna][antenna]: coefficient^(((i - j) / (antennas - 1))^2). The channel's is
/// the Kronecker product of the UE's and the base station's.
std::vector<double> correlation_matrix(int antennas, double coefficient);

/// Lower triangular root of a positive semidefinite matrix of `size` rows: root times its transpose is the matrix.
/// Pivots that rounding made negative count as zero.
std::vector<double> triangular_root(const std::vector<double>& matrix, int size);

}  // namespace pado::propagation
