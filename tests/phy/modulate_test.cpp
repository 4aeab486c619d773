// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/modulate.h"

#include <algorithm>
#include <complex>
#include <vector>

#include "tests/catch.h"
#include "tests/reference/modulate.h"

using namespace pado;

namespace {

constexpr std::array kModulations{nr::Modulation::qpsk, nr::Modulation::qam16, nr::Modulation::qam64,
                                  nr::Modulation::qam256};

// All points of a constellation, one after another, the first bit as the most significant of the index.
std::vector<std::uint8_t> all_points(int bits_per_symbol) {
  std::vector<std::uint8_t> bits;
  for (int index = 0; index < 1 << bits_per_symbol; ++index) {
    for (int bit = bits_per_symbol - 1; bit >= 0; --bit) bits.push_back((index >> bit) & 1);
  }
  return bits;
}

}  // namespace

TEST_CASE("modulate: every point of every constellation is where TS 38.211, 5.1 puts it", "[phy][modulate]") {
  for (const auto modulation : kModulations) {
    const int bits_per_symbol = static_cast<int>(modulation);
    const auto bits = all_points(bits_per_symbol);
    std::vector<cf32> symbols(std::size_t{1} << bits_per_symbol);
    pusch::modulate(modulation, bits, symbols);
    double energy = 0;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const auto width = bits_per_symbol;
      const auto expected = reference::modulate(std::span(bits).subspan(i * width, width));
      INFO(bits_per_symbol << " bits, point " << i);
      CHECK(std::abs(expected - std::complex<double>(symbols[i].re, symbols[i].im)) < 1e-6);
      energy += norm(symbols[i]);
    }
    CHECK(energy / static_cast<double>(symbols.size()) == Approx(1).epsilon(1e-6));
  }
}
