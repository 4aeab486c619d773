// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/pado/text_table.h"

#include <algorithm>

namespace pado::tools {
namespace {

bool is_numeric(const std::string& cell) {
  return cell == "-" || (!cell.empty() && cell.find_first_not_of("0123456789.,+-") == std::string::npos);
}

struct Column {
  std::size_t width = 0;
  bool flush_right = true;
};

}  // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::string& indent) {
  std::vector<Column> columns;
  for (const auto& row : rows) {
    columns.resize(std::max(columns.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      columns[i].width = std::max(columns[i].width, row[i].size());
      if (&row != &rows.front()) columns[i].flush_right = columns[i].flush_right && is_numeric(row[i]);
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = indent;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto [width, flush_right] = columns[i];
      const std::string padding(width - row[i].size(), ' ');
      line += (i == 0 ? "" : "  ") + (flush_right ? padding + row[i] : row[i] + padding);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

}  // namespace pado::tools
