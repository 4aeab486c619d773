// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <span>

// Modulation mapper, TS 38.211, 5.1.3 to 5.1.6, each formula as printed.
namespace pado::reference {

inline std::complex<double> modulate(std::span<const std::uint8_t> b) {
  const auto s = [&](std::size_t i) { return 1.0 - 2.0 * b[i]; };
  switch (b.size()) {
    case 2:
      return std::complex{s(0), s(1)} / std::sqrt(2.0);
    case 4:
      return std::complex{s(0) * (2 - s(2)), s(1) * (2 - s(3))} / std::sqrt(10.0);
    case 6:
      return std::complex{s(0) * (4 - s(2) * (2 - s(4))), s(1) * (4 - s(3) * (2 - s(5)))} / std::sqrt(42.0);
    default:
      return std::complex{s(0) * (8 - s(2) * (4 - s(4) * (2 - s(6)))), s(1) * (8 - s(3) * (4 - s(5) * (2 - s(7))))} /
             std::sqrt(170.0);
  }
}

}  // namespace pado::reference
