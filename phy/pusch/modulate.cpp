// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/modulate.h"

#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace pado::pusch {
namespace {

// The amplitudes of one axis, indexed by that axis's bits with the first as the most significant: the even bits of a
// symbol choose its real part, the odd ones its imaginary part, by one and the same rule.
struct Axis {
  int bits = 1;
  std::array<float, 16> level{};
};

// The first bit is the sign; each further one folds: 1, 2 -+ 1, 4 -+ (2 -+ 1), 8 -+ ...
Axis make_axis(int axis_bits) {
  Axis axis;
  axis.bits = axis_bits;
  const int points = 1 << axis_bits;
  double energy = 0;
  for (int index = 0; index < points; ++index) {
    double level = 1;
    for (int bit = axis_bits - 1; bit > 0; --bit) {  // innermost first
      const bool one = ((index >> (axis_bits - 1 - bit)) & 1) != 0;
      level = std::ldexp(1.0, axis_bits - bit) - (one ? -level : level);
    }
    if ((index >> (axis_bits - 1)) & 1) level = -level;
    energy += 2 * level * level / points;  // of both axes: 2, 10, 42, 170
    axis.level[index] = static_cast<float>(level);
  }
  for (float& level : axis.level) level = static_cast<float>(level / std::sqrt(energy));
  return axis;
}

const Axis& axis_of(nr::Modulation modulation) {
  static const std::array<Axis, 4> axes{make_axis(1), make_axis(2), make_axis(3), make_axis(4)};
  return axes[static_cast<int>(modulation) / 2 - 1];
}

}  // namespace

void modulate(nr::Modulation modulation, std::span<const std::uint8_t> bits, std::span<cf32> symbols) noexcept {
  const Axis& axis = axis_of(modulation);
  assert(bits.size() == symbols.size() * 2 * axis.bits);
  const std::uint8_t* bit = bits.data();
  for (cf32& symbol : symbols) {
    unsigned re = 0, im = 0;
    for (int i = 0; i < axis.bits; ++i, bit += 2) {
      re = re << 1 | bit[0];
      im = im << 1 | bit[1];
    }
    symbol = {axis.level[re], axis.level[im]};
  }
}

}  // namespace pado::pusch
