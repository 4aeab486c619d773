// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/awgn.h"

#include <cmath>

#include "phy/propagation/random_stream.h"

namespace pado::propagation {

void add_awgn(double noise_energy, std::uint64_t seed, std::uint64_t stream, std::span<cf32> samples) {
  RandomStream random(seed, stream);
  const double amplitude = std::sqrt(noise_energy);
  for (cf32& sample : samples) {
    const auto noise = amplitude * random.gaussian();
    sample = sample + cf32{static_cast<float>(noise.real()), static_cast<float>(noise.imag())};
  }
}

}  // namespace pado::propagation
