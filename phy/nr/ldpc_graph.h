// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pado::nr {

inline constexpr int kLiftingSets = 8;
inline constexpr int kMaxLiftingSize = 384;

/// A line of TS 38.212, table 5.3.2-2 or -3: a non-zero circulant of a base graph.
struct BaseGraphEdge {
  std::uint8_t row = 0, column = 0;
  std::array<std::uint16_t, kLiftingSets> shifts{};
};

/// A base graph, TS 38.212, 5.3.2. Its first two columns are never sent.
struct BaseGraph {
  int information_columns = 0;             // 22 or 10
  int rows = 0;                            // 46 or 42
  std::span<const BaseGraphEdge> edges{};  // in the order of rows, then columns: 316 or 197
  [[nodiscard]] constexpr int columns() const { return information_columns + rows; }
};

/// Base graph 1 or 2. Throws Error for another number.
const BaseGraph& ldpc_base_graph(int number);

/// The 51 lifting sizes Z of TS 38.212, table 5.3.2-1, ascending.
std::span<const int> lifting_sizes();
/// Index of the lifting set that a size belongs to, 0..7. Throws Error where no set has it.
int lifting_set(int lifting_size);

/// A circulant of a lifted graph: check i of the row meets bit (i + shift) mod Z of the column.
struct LiftedEdge {
  std::uint8_t row = 0, column = 0;
  std::uint16_t shift = 0;
};
/// The circulants of a base graph for one lifting size, in the base graph's order.
std::vector<LiftedEdge> lift(int base_graph, int lifting_size);

}  // namespace pado::nr
