// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/structure/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace pado::structure {
namespace {

constexpr std::array<std::string_view, 8> kTopFolders{"kernels", "phy",   "scheduler",   "station",
                                                      "stream",  "tests", "testvectors", "tools"};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_script(const std::string& path, const std::string& text) {
  return path.ends_with(".py") || path.ends_with(".sh") || text.starts_with("#!");
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : line.substr(first);
}

}  // namespace

bool is_header(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cuh"); }

bool is_cpp(std::string_view path) {
  constexpr std::array<std::string_view, 4> kEndings{".cpp", ".cc", ".cu", ".inc"};
  return is_header(path) || std::ranges::any_of(kEndings, [&](auto ending) { return path.ends_with(ending); });
}

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string{} : std::string{path.substr(0, slash)};
}

std::vector<SourceFile> read_tree(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (const auto folder : kTopFolders) {
    if (!std::filesystem::is_directory(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || entry.file_size() > 1'000'000) continue;  // recordings are larger
      auto path = entry.path().lexically_relative(root).generic_string();
      if (path.find("__pycache__") != std::string::npos) continue;
      auto text = text_of(entry.path());
      if (is_cpp(path) || is_script(path, text)) files.push_back({std::move(path), std::move(text)});
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<std::string> includes_of(std::string_view text) {
  std::vector<std::string> paths;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    auto rest = trimmed(line);
    if (!rest.starts_with('#')) continue;
    rest = trimmed(rest.substr(1));
    if (!rest.starts_with("include")) continue;
    rest = trimmed(rest.substr(7));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '<')) continue;
    const auto end = rest.find(rest.front() == '"' ? '"' : '>', 1);
    if (end != std::string_view::npos) paths.emplace_back(rest.substr(1, end - 1));
  }
  return paths;
}

}  // namespace pado::structure
