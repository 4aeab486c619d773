// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace pado::tools {

/// A file of JSON Lines that appears, or replaces an older one, only when it is complete. Without a name it does
/// nothing.
class JsonLines {
 public:
  /// Throws Error where the file cannot be made.
  explicit JsonLines(const std::string& file);
  ~JsonLines();
  JsonLines(const JsonLines&) = delete;
  JsonLines& operator=(const JsonLines&) = delete;

  void write(const nlohmann::json& line);
  /// Puts the file in place; throws Error where the disk did not take it.
  void close();

 private:
  std::string file_, temporary_;
  std::ofstream out_;
};

/// The number, or null where it is not known or not finite. Rounded, so that files are readable.
inline nlohmann::json number_or_null(double value, bool known) {
  if (!known || !std::isfinite(value)) return nullptr;
  return std::round(value * 1e4) / 1e4;
}

}  // namespace pado::tools
