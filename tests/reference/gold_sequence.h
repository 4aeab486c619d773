// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace pado::reference {

/// c(0) .. c(count - 1) of TS 38.211, 5.2.1, as printed.
inline std::vector<std::uint8_t> gold_sequence(std::uint32_t c_init, std::size_t count) {
  constexpr std::size_t kNc = 1600;
  std::vector<std::uint8_t> x1(kNc + count + 31, 0), x2(kNc + count + 31, 0), c(count);
  x1[0] = 1;
  for (std::size_t i = 0; i < 31; ++i) x2[i] = (c_init >> i) & 1;
  for (std::size_t n = 0; n < kNc + count; ++n) {
    x1[n + 31] = (x1[n + 3] + x1[n]) % 2;
    x2[n + 31] = (x2[n + 3] + x2[n + 2] + x2[n + 1] + x2[n]) % 2;
  }
  for (std::size_t n = 0; n < count; ++n) c[n] = (x1[n + kNc] + x2[n + kNc]) % 2;
  return c;
}

}  // namespace pado::reference
