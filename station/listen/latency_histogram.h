// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace pado::station {

/// Latencies of any number of slots in fixed memory: exact to a microsecond up to 131 ms, and the largest exactly.
class LatencyHistogram {
 public:
  void add(double latency_us) {
    const double whole = std::clamp(std::floor(latency_us), 0.0, static_cast<double>(counts_.size() - 1));
    ++counts_[static_cast<std::size_t>(whole)];
    ++total_;
    max_us_ = std::max(max_us_, latency_us);
  }

  [[nodiscard]] std::int64_t count() const { return total_; }
  [[nodiscard]] double max_us() const { return max_us_; }

  /// The latency that `share` of the slots do not exceed (nearest rank, rounded up to a microsecond); 0 without slots.
  [[nodiscard]] double quantile_us(double share) const {
    const auto rank = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(total_)));
    std::int64_t below = 0;
    for (std::size_t us = 0; us + 1 < counts_.size(); ++us) {
      below += counts_[us];
      if (below >= rank) return total_ == 0 ? 0 : std::min(static_cast<double>(us + 1), max_us_);
    }
    return max_us_;
  }

 private:
  std::vector<std::int64_t> counts_ = std::vector<std::int64_t>(1 << 17);
  std::int64_t total_ = 0;
  double max_us_ = 0;
};

}  // namespace pado::station
