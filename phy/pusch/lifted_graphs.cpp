// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/lifted_graphs.h"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "phy/nr/ldpc_graph.h"

namespace pado::pusch {
namespace {

struct OwnedGraph {
  std::vector<LdpcEdge> edges;
  LdpcGraph graph;
};

}  // namespace

const LdpcGraph& lifted_graph(int base_graph, int lifting_size) {
  static std::mutex mutex;
  static std::map<std::pair<int, int>, OwnedGraph> graphs;  // its nodes stay where they are
  const std::scoped_lock lock(mutex);
  if (const auto found = graphs.find({base_graph, lifting_size}); found != graphs.end()) return found->second.graph;
  const nr::BaseGraph& base = nr::ldpc_base_graph(base_graph);
  const std::vector<nr::LiftedEdge> lifted = nr::lift(base_graph, lifting_size);
  OwnedGraph& owned = graphs[{base_graph, lifting_size}];
  for (const nr::LiftedEdge& edge : lifted) owned.edges.push_back({edge.row, edge.column, edge.shift});
  owned.graph = {.lifting_size = lifting_size,
                 .information_columns = base.information_columns,
                 .rows = base.rows,
                 .edges = owned.edges};
  return owned.graph;
}

}  // namespace pado::pusch
