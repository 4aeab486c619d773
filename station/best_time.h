// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

namespace pado::station {

/// Microseconds of a call, the best of all batches of about 50 us that fit into the time, at least three: a busy
/// machine spoils many batches, hardly all.
template <class Call>
double best_time_us(double seconds, Call&& call) {
  using Clock = std::chrono::steady_clock;
  const auto microseconds = [](auto d) { return std::chrono::duration<double, std::micro>(d).count(); };
  const auto begin = Clock::now();
  call();
  const double first_us = microseconds(Clock::now() - begin);
  const int batch = static_cast<int>(std::clamp(50 / std::max(first_us, 0.01), 1.0, 1000.0));
  double best_us = first_us;
  for (int round = 0; round < 3 || microseconds(Clock::now() - begin) < 1e6 * seconds; ++round) {
    const auto start = Clock::now();
    for (int i = 0; i < batch; ++i) call();
    best_us = std::min(best_us, microseconds(Clock::now() - start) / batch);
  }
  return best_us;
}

}  // namespace pado::station
