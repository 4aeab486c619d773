// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

// Parity bits of TS 38.212, 5.1, by polynomial division: the remainder of a(D) D^L by g(D).
namespace pado::reference {

using Bits = std::vector<std::uint8_t>;  // one a byte

/// generator: coefficients of g(D), highest power first, L + 1 of them.
inline Bits crc(const Bits& a, const Bits& generator) {
  Bits dividend = a;
  dividend.resize(a.size() + generator.size() - 1, 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (dividend[i] == 0) continue;
    for (std::size_t j = 0; j < generator.size(); ++j) dividend[i + j] ^= generator[j];
  }
  return {dividend.end() - static_cast<std::ptrdiff_t>(generator.size() - 1), dividend.end()};
}

/// g(D) from the exponents that the standard prints.
inline Bits generator(std::initializer_list<int> exponents) {
  Bits g(static_cast<std::size_t>(*exponents.begin()) + 1, 0);
  for (const int exponent : exponents) g[g.size() - 1 - static_cast<std::size_t>(exponent)] = 1;
  return g;
}

}  // namespace pado::reference
