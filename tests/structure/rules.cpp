// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/structure/rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace pado::structure {
namespace {

using Graph = std::map<std::string, std::set<std::string>>;

const std::map<std::string, std::set<std::string>>& rooms_seen() {
  static const std::map<std::string, std::set<std::string>> seen{
      {"phy/nr", {}},
      {"kernels", {}},
      {"phy", {"phy/nr", "kernels"}},
      {"stream", {"phy/nr", "kernels"}},
      {"scheduler", {"phy/nr", "kernels"}},
      {"station", {"phy", "stream", "scheduler", "phy/nr", "kernels"}},
      {"tools", {"station", "phy", "stream", "scheduler", "phy/nr", "kernels"}},
      {"tests", {"tools", "station", "phy", "stream", "scheduler", "phy/nr", "kernels"}},
  };
  return seen;
}

// Files that join folders of their own room count as folders above them: the list of the built backends, as the target
// pado_backends does; what makes policies by name, and falls back to one.
std::string unit_of(std::string_view path) {
  constexpr std::array<std::string_view, 3> kJoining{"kernels/backends", "scheduler/make_policy",
                                                     "scheduler/slot_scheduler"};
  const auto name = path.substr(0, path.rfind('.'));
  return std::ranges::find(kJoining, name) != kJoining.end() ? std::string{name} : folder_of(path);
}

std::set<std::string> paths_of(std::span<const SourceFile> files) {
  std::set<std::string> paths;
  for (const auto& file : files) paths.insert(file.path);
  return paths;
}

class CircleFinder {
 public:
  explicit CircleFinder(const Graph& graph) : graph_(graph) {}

  Breaches find() {
    for (const auto& [node, next] : graph_) visit(node);
    return std::move(found_);
  }

 private:
  void visit(const std::string& node) {
    const auto on_way = std::ranges::find(way_, node);
    if (on_way != way_.end()) {
      std::string line;
      for (auto step = on_way; step != way_.end(); ++step) line += *step + " -> ";
      found_.push_back(line + node);
      return;
    }
    if (!done_.insert(node).second) return;
    const auto edges = graph_.find(node);
    if (edges == graph_.end()) return;
    way_.push_back(node);
    for (const auto& next : edges->second) visit(next);
    way_.pop_back();
  }

  const Graph& graph_;
  std::vector<std::string> way_;
  std::set<std::string> done_;
  Breaches found_;
};

}  // namespace

Breaches circles(const Graph& graph) { return CircleFinder(graph).find(); }

std::string room_of(std::string_view path) {
  if (path.starts_with("phy/nr/")) return "phy/nr";
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string first{path.substr(0, slash)};
  return rooms_seen().contains(first) ? first : std::string{};
}

Breaches forbidden_includes(std::span<const SourceFile> files) {
  Breaches found;
  for (const auto& file : files) {
    const auto room = room_of(file.path);
    if (room.empty() || !is_cpp(file.path)) continue;
    for (const auto& include : includes_of(file.text)) {
      const auto other = room_of(include);
      if (other.empty() || other == room || rooms_seen().at(room).contains(other)) continue;
      found.push_back(file.path + " includes " + include + ": " + room + " must not see " + other);
    }
  }
  return found;
}

Breaches folder_circles(std::span<const SourceFile> files) {
  Graph graph;
  for (const auto& file : files) {
    if (!is_cpp(file.path)) continue;
    for (const auto& include : includes_of(file.text)) {
      if (room_of(include).empty() || room_of(include) != room_of(file.path)) continue;
      if (unit_of(include) != unit_of(file.path)) graph[unit_of(file.path)].insert(unit_of(include));
    }
  }
  return circles(graph);
}

Breaches file_circles(std::span<const SourceFile> files) {
  const auto paths = paths_of(files);
  Graph graph;
  for (const auto& file : files) {
    if (!is_cpp(file.path)) continue;
    for (const auto& include : includes_of(file.text)) {
      if (paths.contains(include)) graph[file.path].insert(include);
    }
  }
  return circles(graph);
}

Breaches relative_includes(std::span<const SourceFile> files) {
  const auto paths = paths_of(files);
  Breaches found;
  for (const auto& file : files) {
    if (!is_cpp(file.path)) continue;
    for (const auto& include : includes_of(file.text)) {
      const bool climbs = include.starts_with("../") || include.find("/../") != std::string::npos;
      const bool beside = paths.contains(folder_of(file.path) + "/" + include);
      if (climbs || beside) found.push_back(file.path + " includes " + include + ": write the path from the root");
    }
  }
  return found;
}

Breaches vague_names(std::span<const SourceFile> files) {
  constexpr std::array<std::string_view, 4> kVague{"util", "common", "helper", "misc"};
  Breaches found;
  for (const auto& file : files) {
    std::string lower = file.path;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto word : kVague) {
      if (lower.find(word) != std::string::npos) found.push_back(file.path + ": named for nothing that is inside");
    }
  }
  return found;
}

Breaches missing_top_lines(std::span<const SourceFile> files) {
  Breaches found;
  for (const auto& file : files) {
    const auto third_line_end = [&] {
      std::size_t end = 0;
      for (int line = 0; line < 3 && end != std::string::npos; ++line) end = file.text.find('\n', end + 1);
      return end;
    }();
    const auto top = file.text.substr(0, third_line_end);
    if (top.find(" SPDX-FileCopyrightText: ") == std::string::npos ||
        top.find(" SPDX-License-Identifier: Apache-2.0") == std::string::npos) {
      found.push_back(file.path + ": the two SPDX lines are not at its top");
    }
    // Highway includes an -inl.h once a target, which it tells apart by a toggle.
    const std::string guard = file.path.ends_with("-inl.h") ? "defined(HWY_TARGET_TOGGLE)" : "#pragma once";
    if (is_header(file.path) && file.text.find(guard + "\n") == std::string::npos) {
      found.push_back(file.path + ": no " + guard);
    }
  }
  return found;
}

Breaches warnings_in_tests(std::span<const SourceFile> files) {
  Breaches found;
  for (const auto& file : files) {
    if (!file.path.starts_with("tests/") || file.path.starts_with("tests/structure/")) continue;
    if (file.text.find("WARN(") != std::string::npos) {
      found.push_back(file.path + ": WARN, print a line \"skipped: ...\" to std::cout");
    }
  }
  return found;
}

}  // namespace pado::structure
