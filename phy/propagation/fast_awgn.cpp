// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/fast_awgn.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "phy/propagation/random_stream.h"

namespace pado::propagation {
namespace {

// Box-Muller in pieces that a compiler turns into vectors: no calls, no branches.

// ln x for normal x > 0, to 1e-7: x = m 2^e with m in [0.7, 1.4), ln m = 2 artanh((m - 1) / (m + 1)).
inline float natural_log(float x) {
  const auto bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;
  const auto m = std::bit_cast<float>(bits - (exponent << 23));
  const float z = (m - 1) / (m + 1), z2 = z * z;
  const float series = z * (2.0F + z2 * (2.0F / 3 + z2 * (2.0F / 5 + z2 * (2.0F / 7))));
  return static_cast<float>(exponent) * std::numbers::ln2_v<float> + series;
}

// Square root of x >= 0: Newton's iteration for 1/sqrt(x) from a guess in the exponent. std::sqrt may set errno, which
// keeps loops from becoming vectors.
inline float square_root(float x) {
  auto y = std::bit_cast<float>(0x5f3759dfU - (std::bit_cast<std::uint32_t>(x) >> 1));
  for (int i = 0; i < 3; ++i) y *= 1.5F - 0.5F * x * y * y;
  return x * y;
}

// sin(2 pi t) for t from -0.25 to 0.25.
inline float sine_of_turns(float t) {
  const float x = t * (2 * std::numbers::pi_v<float>), x2 = x * x;
  return x * (1 + x2 * (-1.0F / 6 + x2 * (1.0F / 120 + x2 * (-1.0F / 5040 + x2 * (1.0F / 362880 - x2 / 39916800)))));
}

constexpr std::size_t kBlock = 256;

}  // namespace

void add_fast_awgn(double noise_energy, std::uint64_t seed, std::uint64_t stream, std::span<cf32> samples) {
  RandomStream random(seed, stream);
  const auto energy = static_cast<float>(noise_energy);
  std::array<std::int32_t, kBlock> radius_bits{}, angle_bits{};
  std::array<float, kBlock> re{}, im{};
  while (!samples.empty()) {
    const std::size_t count = std::min(kBlock, samples.size());
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t bits = random.bits();
      radius_bits[i] = static_cast<std::int32_t>(bits >> 40);                 // 24 bits
      angle_bits[i] = static_cast<std::int32_t>(bits & 0xffffff) - 0x800000;  // and 24 others
    }
    for (std::size_t i = 0; i < kBlock; ++i) {
      const float uniform = (static_cast<float>(radius_bits[i]) + 0.5F) * 0x1p-24F;
      const float radius = square_root(-energy * natural_log(uniform));
      const float turns = static_cast<float>(angle_bits[i]) * 0x1p-24F;
      re[i] = radius * sine_of_turns(0.25F - std::abs(turns));  // cosine
      im[i] = radius * sine_of_turns(std::copysign(0.25F - std::abs(std::abs(turns) - 0.25F), turns));
    }
    for (std::size_t i = 0; i < count; ++i) samples[i] = samples[i] + cf32{re[i], im[i]};
    samples = samples.subspan(count);
  }
}

}  // namespace pado::propagation
