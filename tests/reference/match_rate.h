// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

// Rate matching of LDPC codes, TS 38.212, 5.4.2, each procedure as printed; a filler bit is kNull.
namespace pado::reference {

inline constexpr int kNull = -1;

/// For each of the E transmitted bits, the position in the circular buffer d that it comes from.
inline std::vector<int> transmitted_positions(const std::vector<int>& d, int n_cb, int k0, int e, int q_m) {
  std::vector<int> selected;  // 5.4.2.1
  for (int j = 0; static_cast<int>(selected.size()) < e; ++j) {
    const int at = (k0 + j) % n_cb;
    if (d[static_cast<std::size_t>(at)] != kNull) selected.push_back(at);
  }
  std::vector<int> f(selected.size());  // 5.4.2.2
  for (int j = 0; j < e / q_m; ++j) {
    for (int i = 0; i < q_m; ++i) {
      f[static_cast<std::size_t>(i + j * q_m)] = selected[static_cast<std::size_t>(i * (e / q_m) + j)];
    }
  }
  return f;
}

/// Soft bits of one code block, from what was there, with one more transmission added; saturates at the end.
inline std::vector<int> recover_rate(const std::vector<int>& before, const std::vector<int>& d, int n_cb, int k0,
                                     const std::vector<std::int8_t>& llrs, int q_m) {
  std::vector<int> soft = before;
  const auto positions = transmitted_positions(d, n_cb, k0, static_cast<int>(llrs.size()), q_m);
  for (std::size_t i = 0; i < llrs.size(); ++i) soft[static_cast<std::size_t>(positions[i])] += llrs[i];
  for (std::size_t i = 0; i < d.size(); ++i) soft[i] = d[i] == kNull ? 127 : std::clamp(soft[i], -127, 127);
  return soft;
}

}  // namespace pado::reference
