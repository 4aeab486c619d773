// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/ldpc_graph.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;

TEST_CASE("base graphs: 316 and 197 circulants in order, without a repetition", "[nr][ldpc]") {
  for (const int number : {1, 2}) {
    const nr::BaseGraph& graph = nr::ldpc_base_graph(number);
    CHECK(graph.edges.size() == (number == 1 ? 316 : 197));
    const auto before = [](const nr::BaseGraphEdge& a, const nr::BaseGraphEdge& b) {
      return std::pair{a.row, a.column} < std::pair{b.row, b.column};
    };
    CHECK(std::is_sorted(graph.edges.begin(), graph.edges.end(), before));
    std::set<std::pair<int, int>> places;
    for (const auto& edge : graph.edges) places.insert({edge.row, edge.column});
    CHECK(places.size() == graph.edges.size());
    CHECK(places.rbegin()->first == graph.rows - 1);
    CHECK(places.rbegin()->second == graph.columns() - 1);
  }
}

TEST_CASE("base graphs: parity columns have the double diagonal and the identity of the standard", "[nr][ldpc]") {
  for (const int number : {1, 2}) {
    const nr::BaseGraph& graph = nr::ldpc_base_graph(number);
    const int kb = graph.information_columns;
    for (std::size_t set = 0; set < nr::kLiftingSets; ++set) {
      std::vector<int> first_parity;
      for (const auto& edge : graph.edges) {
        if (edge.column == kb) {
          if (edge.row < 4) first_parity.push_back(edge.shifts[set]);
        } else if (edge.column > kb && (edge.column < kb + 4 ? edge.row < 4 : true)) {
          CHECK(edge.shifts[set] == 0);
          if (edge.column >= kb + 4) CHECK(edge.row == edge.column - kb);
        }
      }
      // Three circulants; two cancel in the sum of the core rows, so that it gives the first parity column.
      CHECK(first_parity.size() == 3);
      std::sort(first_parity.begin(), first_parity.end());
      CHECK((first_parity[0] == first_parity[1]) != (first_parity[1] == first_parity[2]));
    }
  }
}

TEST_CASE("base graphs: weights of rows and columns", "[nr][ldpc]") {
  const auto weights = [](int number, bool of_rows) {
    std::vector<int> count(static_cast<std::size_t>(nr::ldpc_base_graph(number).columns()), 0);
    for (const auto& edge : nr::ldpc_base_graph(number).edges) ++count[of_rows ? edge.row : edge.column];
    return count;
  };
  CHECK(weights(1, true)[0] == 19);
  CHECK(weights(1, true)[4] == 3);
  CHECK(weights(2, true)[1] == 10);
  CHECK(weights(1, false)[0] == 30);
  CHECK(weights(1, false)[1] == 28);
  CHECK(weights(2, false)[0] == 22);
  CHECK(weights(2, false)[1] == 23);
}

TEST_CASE("base graphs: the sum of all shifts of a set", "[nr][ldpc]") {
  const auto sums = [](int number) {
    std::array<int, nr::kLiftingSets> sum{};
    for (const auto& edge : nr::ldpc_base_graph(number).edges) {
      for (std::size_t set = 0; set < sum.size(); ++set) sum[set] += edge.shifts[set];
    }
    return sum;
  };
  CHECK(sums(1) == std::array<int, 8>{34730, 49099, 42436, 29665, 31271, 47538, 20577, 34191});
  CHECK(sums(2) == std::array<int, 8>{18025, 14069, 7888, 15505, 11140, 13530, 16802, 17943});
}

TEST_CASE("base graphs: no third one", "[nr][ldpc]") {
  CHECK_THROWS_AS(nr::ldpc_base_graph(3), Error);
  CHECK_THROWS_AS(nr::lift(0, 384), Error);
}

TEST_CASE("lifting sizes: 51, each in the set of its odd factor", "[nr][ldpc]") {
  const auto sizes = nr::lifting_sizes();
  CHECK(sizes.size() == 51);
  CHECK(std::is_sorted(sizes.begin(), sizes.end()));
  CHECK(std::accumulate(sizes.begin(), sizes.end(), 0) == 4479);
  for (const auto& [size, set] : {std::pair{2, 0},
                                  {256, 0},
                                  {3, 1},
                                  {384, 1},
                                  {320, 2},
                                  {224, 3},
                                  {288, 4},
                                  {352, 5},
                                  {208, 6},
                                  {240, 7},
                                  {15, 7},
                                  {104, 6}}) {
    CHECK(nr::lifting_set(size) == set);
  }
  for (const int wrong : {0, 1, 17, 360, 385, 512, -4}) CHECK_THROWS_AS(nr::lifting_set(wrong), Error);
}

TEST_CASE("lifted graph: shifts are reduced modulo the lifting size", "[nr][ldpc]") {
  const auto edges = nr::lift(1, 2);
  REQUIRE(edges.size() == 316);
  CHECK(std::all_of(edges.begin(), edges.end(), [](const nr::LiftedEdge& edge) { return edge.shift < 2; }));
  CHECK(edges[1].shift == 69 % 2);
  CHECK(nr::lift(1, 384)[0].shift == 307);
}
