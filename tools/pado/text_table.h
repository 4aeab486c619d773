// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace pado::tools {

/// Rows of cells, the first row the heading, as aligned lines. Columns that hold numbers, or nothing ("-"), are flush
/// right.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::string& indent = "  ");

}  // namespace pado::tools
