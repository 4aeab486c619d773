// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace pado::tools {

/// The number with so many digits behind the point; what rounds to zero has no sign.
inline std::string fixed_point(double value, int digits) {
  const std::string text = fmt::format("{:.{}f}", value, digits);
  return text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos ? text.substr(1) : text;
}

/// Rows of cells, the first row the heading, as aligned lines. Columns that hold numbers, or nothing ("-"), are flush
/// right.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::string& indent = "  ");

}  // namespace pado::tools
