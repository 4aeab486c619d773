// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

namespace pado::tools {

/// A bar on standard error, where that is a terminal, redrawn a few times a second. Silent elsewhere.
class ProgressBar {
 public:
  ~ProgressBar() { clear(); }

  void show(double share, const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    if (!on_terminal_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    shown_ = true;
    constexpr int kWidth = 30;
    const int full = static_cast<int>(kWidth * std::clamp(share, 0.0, 1.0));
    fmt::print(stderr, "\r\x1b[K[{}{}] {:3.0f} % {}", std::string(static_cast<std::size_t>(full), '#'),
               std::string(static_cast<std::size_t>(kWidth - full), '.'), 100 * share, what);
    std::fflush(stderr);
  }
  /// Takes the bar away, so that a line may be printed.
  void clear() {
    if (!shown_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    shown_ = false;
  }

 private:
  bool on_terminal_ = ::isatty(STDERR_FILENO) != 0, shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace pado::tools
