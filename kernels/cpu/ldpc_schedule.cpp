// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/ldpc_schedule.h"

#include <algorithm>
#include <cstring>

namespace pado::cpu {

namespace {

constexpr int kPuncturedColumns = 2;

int ceil_divide(int a, int b) { return (a + b - 1) / b; }

// Two graphs with the same fingerprint are the same graph.
std::uint64_t fingerprint(const LdpcGraph& graph, int edges) {
  std::array<std::uint64_t, 4> lanes{1, 2, 3, 4};
  for (int e = 0; e < edges; ++e) {
    std::uint32_t word;
    static_assert(sizeof(LdpcEdge) == sizeof(word));
    std::memcpy(&word, &graph.edges[static_cast<std::size_t>(e)], sizeof(word));
    auto& lane = lanes[static_cast<std::size_t>(e % 4)];
    lane = (lane ^ word) * 0x9e3779b97f4a7c15ULL;
    lane ^= lane >> 29;
  }
  std::uint64_t sum = static_cast<std::uint64_t>(graph.information_columns);
  for (const std::uint64_t lane : lanes) sum = (sum ^ lane) * 0xbf58476d1ce4e5b9ULL;
  return sum;
}

int edges_of_rows(const LdpcGraph& graph, int rows) {
  const auto end =
      std::find_if(graph.edges.begin(), graph.edges.end(), [rows](const LdpcEdge& e) { return e.row >= rows; });
  return static_cast<int>(end - graph.edges.begin());
}

// Writes, for each vector from last to first and each edge, where a rotated read of the ring begins.
template <class Edges>
std::uint16_t* write_reads(const Edges& rotations, int degree, const LdpcRing& ring, int lanes, std::uint16_t* out) {
  for (int v = ring.vectors - 1; v >= 0; --v) {
    for (int e = 0; e < degree; ++e) {
      const auto& [buffer, rotation] = rotations[static_cast<std::size_t>(e)];
      int at = rotation + v * lanes;
      while (at >= ring.bytes) at -= ring.bytes;
      *out++ = static_cast<std::uint16_t>(buffer + at);
    }
  }
  return out;
}

}  // namespace

LdpcRing choose_ring(int lifting_size, int code_blocks, int lanes) noexcept {
  LdpcRing best;
  double best_cost = 0;
  for (int blocks = 1; blocks <= lanes && blocks * lifting_size <= kLdpcMaxRing; blocks *= 2) {
    const int bytes = blocks * lifting_size;
    if (bytes < lanes) continue;
    const int vectors = ceil_divide(bytes, lanes);
    // A row costs about a vector more than it has. Blocks that share a ring wait for the slowest of them: only a clear
    // gain is worth it.
    const double cost = ceil_divide(code_blocks, blocks) * (vectors + 1) * (blocks == 1 ? 0.9 : 1.0);
    if (best.bytes != 0 && cost >= best_cost) continue;
    best = {.blocks = blocks, .bytes = bytes, .vectors = vectors};
    best_cost = cost;
  }
  return best;
}

LdpcSchedule::LdpcSchedule(int vector_bytes) : lanes(vector_bytes) {
  const auto vectors = static_cast<std::size_t>(ceil_divide(kLdpcMaxRing, lanes));
  for (auto& read : reads) read = HostBuffer<std::uint16_t>(kLdpcMaxEdges * vectors);
  for (auto& read : check_reads) read = HostBuffer<std::uint16_t>(kLdpcCoreRows * 19 * vectors);
}

// Rows from the last to the first; where few are in use, those that touch both punctured columns, which learn nothing
// before one of the two is known, come behind the others.
void LdpcSchedule::order_layers(const LdpcGraph& graph, int rows) noexcept {
  std::array<LdpcLayer, kLdpcMaxRows> natural{};
  std::array<int, kLdpcMaxRows> punctured{};
  const int edges = edges_of_rows(graph, rows);
  for (int e = 0; e < edges; ++e) {
    const LdpcEdge& edge = graph.edges[static_cast<std::size_t>(e)];
    LdpcLayer& layer = natural[edge.row];
    if (layer.degree == 0 && !layer.has_extension) layer.first_edge = static_cast<std::uint16_t>(e);
    layer.row = edge.row;
    if (edge.column < core_columns)
      ++layer.degree;
    else
      layer.has_extension = true;
    if (edge.column < kPuncturedColumns) ++punctured[edge.row];
  }
  const bool few = rows * 2 <= graph.information_columns + 4;  // code rate of 2/3 and more
  layer_count = 0;
  for (const bool both : {false, true}) {
    for (int row = rows - 1; row >= 0; --row) {
      const auto at = static_cast<std::size_t>(row);
      const bool late = few && punctured[at] == kPuncturedColumns;
      if (late == both) layers[static_cast<std::size_t>(layer_count++)] = natural[at];
    }
  }
}

void LdpcSchedule::build(const LdpcGraph& graph, int rows, const LdpcRing& chosen) noexcept {
  ring = chosen;
  core_columns = graph.information_columns + kLdpcCoreRows;
  column_stride = ceil_divide(ring.bytes + lanes, 64) * 64;
  order_layers(graph, rows);

  struct Place {
    int buffer, rotation;
  };
  struct Column {
    int parity = 0, shift = 0;
  };
  std::array<Column, kLdpcMaxCoreColumns> columns{};
  const auto place = [&](const LdpcEdge& edge) {
    const Column& column = columns[edge.column];
    const int rotation = (edge.shift - column.shift + graph.lifting_size) % graph.lifting_size;
    return Place{(2 * edge.column + column.parity) * column_stride, rotation * ring.blocks};
  };
  for (int pass = 0; pass < kPasses; ++pass) {
    std::uint16_t* read = reads[static_cast<std::size_t>(pass)].view().data();
    std::uint16_t* write = writes[static_cast<std::size_t>(pass)].data();
    if (pass == even) {  // like the first in its buffers, but rotated
      for (Column& column : columns) column.parity = 0;
    }
    for (int l = 0; l < layer_count; ++l) {
      const LdpcLayer& layer = layers[static_cast<std::size_t>(l)];
      std::array<Place, 19> places{};
      for (int e = 0; e < layer.degree; ++e) {
        const LdpcEdge& edge = graph.edges[static_cast<std::size_t>(layer.first_edge + e)];
        Column& column = columns[edge.column];
        places[static_cast<std::size_t>(e)] = place(edge);
        column = {1 - column.parity, edge.shift};
        *write++ = static_cast<std::uint16_t>((2 * edge.column + column.parity) * column_stride);
      }
      read = write_reads(places, layer.degree, ring, lanes, read);
    }
    if (pass == even) break;
    const auto after = static_cast<std::size_t>(pass == odd ? 1 : 0);
    std::uint16_t* check = check_reads[after].view().data();
    std::size_t e = 0;
    for (int row = 0; row < kLdpcCoreRows; ++row) {
      std::array<Place, 19> places{};
      std::uint8_t degree = 0;
      for (; e < graph.edges.size() && graph.edges[e].row == row; ++e) places[degree++] = place(graph.edges[e]);
      check_degree[static_cast<std::size_t>(row)] = degree;
      check = write_reads(places, degree, ring, lanes, check);
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(core_columns); ++c) {
      const int back = (graph.lifting_size - columns[c].shift) % graph.lifting_size;
      final_buffer[after][c] =
          static_cast<std::uint16_t>((2 * static_cast<int>(c) + columns[c].parity) * column_stride);
      final_rotation[c] = static_cast<std::uint16_t>(back * ring.blocks);
    }
  }
}

LdpcScheduleCache::LdpcScheduleCache(int lanes) : lanes_(lanes) {
  for (Entry& entry : entries_) entry.schedule = LdpcSchedule(lanes);
}

const LdpcSchedule& LdpcScheduleCache::get(const LdpcGraph& graph, int rows, int code_blocks) noexcept {
  const std::uint64_t wanted = fingerprint(graph, edges_of_rows(graph, rows));
  const LdpcRing ring = choose_ring(graph.lifting_size, code_blocks, lanes_);
  Entry* oldest = &entries_[0];
  ++uses_;
  for (Entry& entry : entries_) {
    if (entry.fingerprint == wanted && entry.lifting_size == graph.lifting_size && entry.rows == rows &&
        entry.ring_blocks == ring.blocks) {
      entry.last_use = uses_;
      return entry.schedule;
    }
    if (entry.last_use < oldest->last_use) oldest = &entry;
  }
  oldest->fingerprint = wanted;
  oldest->lifting_size = graph.lifting_size;
  oldest->rows = rows;
  oldest->ring_blocks = ring.blocks;
  oldest->last_use = uses_;
  oldest->schedule.build(graph, rows, ring);
  return oldest->schedule;
}

}  // namespace pado::cpu
