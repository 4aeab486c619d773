// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "phy/nr/error.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {

/// Calls action, which gives an exit status, for one file after another; gives the worst. Whatever it throws, memory
/// that runs out included, is one line on standard error, and the next file has its turn.
template <class Action>
int for_each_file(const std::vector<std::string>& files, Action&& action) {
  int worst = kAllRight;
  const auto report = [&worst](const std::string& message) {
    std::fflush(stdout);
    fmt::print(stderr, "pado: {}\n", message);
    worst = kUnusable;
  };
  for (const std::string& file : files) {
    try {
      worst = std::max<int>(worst, action(file));
    } catch (const Error& error) {
      report(error.what());  // names the file
    } catch (const std::exception& error) {
      report(fmt::format("{}: {}", file, error.what()));
    }
  }
  return worst;
}

}  // namespace pado::tools
