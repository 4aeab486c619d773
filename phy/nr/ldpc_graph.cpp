// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/ldpc_graph.h"

#include <fmt/format.h>

#include <algorithm>

#include "phy/nr/error.h"

namespace pado::nr {

std::span<const BaseGraphEdge> base_graph_1_edges();  // ldpc_graph_1.cpp
std::span<const BaseGraphEdge> base_graph_2_edges();  // ldpc_graph_2.cpp

namespace {

// TS 38.212, table 5.3.2-1: set i has the sizes a * 2^j up to 384.
constexpr std::array<int, kLiftingSets> kSetBase = {2, 3, 5, 7, 9, 11, 13, 15};
constexpr int kLiftingSizes = 51;

constexpr std::array<int, kLiftingSizes> all_lifting_sizes() {
  std::array<int, kLiftingSizes> sizes{};
  std::size_t count = 0;
  for (const int base : kSetBase) {
    for (int j = 0; j < 8 && (base << j) <= kMaxLiftingSize; ++j) sizes.at(count++) = base << j;
  }
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}
constexpr auto kSizes = all_lifting_sizes();
static_assert(kSizes.front() == 2 && kSizes.back() == kMaxLiftingSize);

}  // namespace

const BaseGraph& ldpc_base_graph(int number) {
  static const BaseGraph graph_1{.information_columns = 22, .rows = 46, .edges = base_graph_1_edges()};
  static const BaseGraph graph_2{.information_columns = 10, .rows = 42, .edges = base_graph_2_edges()};
  if (number != 1 && number != 2) throw Error(fmt::format("LDPC base graph {}: there are 1 and 2", number));
  return number == 1 ? graph_1 : graph_2;
}

std::span<const int> lifting_sizes() { return kSizes; }

int lifting_set(int lifting_size) {
  if (std::find(kSizes.begin(), kSizes.end(), lifting_size) == kSizes.end()) {
    throw Error(fmt::format("LDPC lifting size {}: must be one of TS 38.212, table 5.3.2-1 (2 to 384)", lifting_size));
  }
  int odd = lifting_size;
  while (odd % 2 == 0) odd /= 2;
  return odd == 1 ? 0 : (odd - 1) / 2;
}

std::vector<LiftedEdge> lift(int base_graph, int lifting_size) {
  const auto set = static_cast<std::size_t>(lifting_set(lifting_size));
  std::vector<LiftedEdge> lifted;
  for (const BaseGraphEdge& edge : ldpc_base_graph(base_graph).edges) {
    const int shift = edge.shifts[set] % lifting_size;  // 5.3.2: P(i,j) = mod(V(i,j), Z)
    lifted.push_back({edge.row, edge.column, static_cast<std::uint16_t>(shift)});
  }
  return lifted;
}

}  // namespace pado::nr
