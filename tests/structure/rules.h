// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/structure/source_tree.h"

// The rules of the house, each a function from a tree's sources to the breaches it finds, one line each.
namespace pado::structure {

using Breaches = std::vector<std::string>;

/// The room of a path: its first folder, but phy/nr is a room of its own. Empty for what is in no room.
std::string room_of(std::string_view path);

/// Includes of a room that the including room must not see:
/// tools -> station -> { stream, phy, scheduler } -> { phy/nr, kernels }; tests see everything.
Breaches forbidden_includes(std::span<const SourceFile> files);

/// Circles of includes between the folders of one room.
Breaches folder_circles(std::span<const SourceFile> files);

/// Circles of includes between files.
Breaches file_circles(std::span<const SourceFile> files);

/// Includes that climb (../) or start at the including file's own folder instead of the tree's root.
Breaches relative_includes(std::span<const SourceFile> files);

/// Folders and files named utils, common, helpers or misc: a name that says nothing of what is inside.
Breaches vague_names(std::span<const SourceFile> files);

/// Sources without the two SPDX lines at their top, headers without #pragma once.
Breaches missing_top_lines(std::span<const SourceFile> files);

/// Tests that say what they leave out by Catch2's WARN, which indents it: tools/test lists lines that begin "skipped:
/// ".
Breaches warnings_in_tests(std::span<const SourceFile> files);

/// One line "a -> b -> a" for each circle that a depth-first walk of the graph closes.
Breaches circles(const std::map<std::string, std::set<std::string>>& graph);

}  // namespace pado::structure
