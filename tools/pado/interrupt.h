// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <csignal>

namespace pado::tools {

/// True once the program was asked to end (SIGINT, SIGTERM), from the first call on; a second signal ends it at once.
inline const std::atomic<bool>& interrupted() {
  static std::atomic<bool> flag{false};
  static const bool installed = [] {
    const auto handler = [](int signal) {
      flag = true;
      std::signal(signal, SIG_DFL);
    };
    std::signal(SIGINT, handler);
    std::signal(SIGTERM, handler);
    return true;
  }();
  (void)installed;
  return flag;
}

}  // namespace pado::tools
