// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/pado/json_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "phy/nr/error.h"

namespace pado::tools {
namespace {

// A device or pipe is written where it is; a file beside its place, and then moved.
bool is_special(const std::string& file) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

}  // namespace

JsonLines::JsonLines(const std::string& file) : file_(file) {
  if (file.empty()) return;
  // With the process, so that two programs that write one file do not mix.
  temporary_ = is_special(file) ? file : fmt::format("{}.part{}", file, ::getpid());
  out_.open(temporary_, std::ios::trunc);
  if (!out_) throw Error(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
}

JsonLines::~JsonLines() {
  if (!out_.is_open()) return;
  out_.close();
  if (temporary_ != file_) std::remove(temporary_.c_str());
}

void JsonLines::write(const nlohmann::json& line) {
  if (!out_.is_open()) return;
  out_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void JsonLines::close() {
  if (!out_.is_open()) return;
  out_.flush();
  if (!out_) throw Error(fmt::format("{}: not written, the disk did not take it", file_));
  out_.close();
  if (temporary_ == file_) return;
  std::error_code error;
  std::filesystem::rename(temporary_, file_, error);
  if (error) throw Error(fmt::format("{}: not written: {}", file_, error.message()));
}

}  // namespace pado::tools
