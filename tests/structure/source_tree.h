// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pado::structure {

/// One file of the tree; path counts from the root, with forward slashes.
struct SourceFile {
  std::string path;
  std::string text;
};

/// The C++ and CUDA sources, Python and shell scripts of every room, of the tests and of testvectors, sorted by path.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);

/// Header or source of C++ or CUDA, by its name's end; the scripts are the rest.
bool is_cpp(std::string_view path);
bool is_header(std::string_view path);

/// "phy/pusch" of "phy/pusch/plan.h"; empty for a file of the root.
std::string folder_of(std::string_view path);

/// The paths that a source includes, in quotes or angle brackets, in their order.
std::vector<std::string> includes_of(std::string_view text);

}  // namespace pado::structure
