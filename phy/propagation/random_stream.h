// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>

namespace pado::propagation {

/// Random numbers from a seed and the number of a stream, by integer arithmetic of our own (SplitMix64) and Box-Muller
/// in double precision: the distributions of the standard library differ from one library to the next.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t stream) : state_(mix(mix(seed + kStep) + stream)) {}

  std::uint64_t bits() { return mix(state_ += kStep); }
  /// In (0, 1), never one of the ends.
  double uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
  /// Complex Gaussian of unit variance.
  std::complex<double> gaussian() {
    const double radius = std::sqrt(-std::log(uniform()));
    return std::polar(radius, 2 * std::numbers::pi * uniform());
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace pado::propagation
