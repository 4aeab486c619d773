// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstdint>
#include <vector>

#include "phy/transmit_grid.h"

namespace pado::propagation {

/// A channel that is the same on all subcarriers and at all times: one complex gain per antenna and layer.
struct Gains {
  int antennas = 0, layers = 0;
  std::vector<std::complex<double>> values;  // [antenna][layer]

  [[nodiscard]] std::complex<double> at(int antenna, int layer) const { return values[antenna * layers + layer]; }
};

/// No fading: a random phase per antenna, and layers that are orthogonal over the antennas. layers <= antennas.
Gains phase_gains(int antennas, int layers, std::uint64_t seed, std::uint64_t stream);

/// Flat Rayleigh fading: independent complex Gaussian gains of unit mean energy. With a limit above 1, draws again
/// until the matrix's condition number is below it; of 10,000 draws the best, should none be.
Gains rayleigh_gains(int antennas, int layers, std::uint64_t seed, std::uint64_t stream, double condition_limit = 0);

/// Largest by smallest singular value; 1 for one layer.
double condition_number(const Gains& gains);

/// What the antennas receive, [antenna][symbol][subcarrier], each element times amplitude.
TransmitGrid apply_gains(const Gains& gains, double amplitude, const TransmitGrid& grid);

}  // namespace pado::propagation
