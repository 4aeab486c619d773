// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/pado/address_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "phy/nr/error.h"

namespace pado::tools {

void write_address_file(const std::string& file, const std::string& address) {
  if (file.empty()) return;
  const std::string part = fmt::format("{}.part{}", file, ::getpid());
  std::ofstream out(part, std::ios::trunc);
  if (!out) throw Error(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
  out << address << '\n';
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(part, file, error);
  if (out && !error) return;
  std::filesystem::remove(part);
  throw Error(fmt::format("{}: not written: {}", file, error ? error.message() : "the disk did not take it"));
}

}  // namespace pado::tools
