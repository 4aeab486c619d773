// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/cpu/backend.h"
#include "kernels/ldpc_graph.h"

namespace pado::cpu {

inline constexpr int kLdpcCoreRows = 4;
inline constexpr int kLdpcMaxRows = 46;
inline constexpr int kLdpcMaxEdges = 316;
inline constexpr int kLdpcMaxCoreColumns = 26;
inline constexpr int kLdpcMaxRing = 1024;  // bytes; the ring of one block of the largest lifting size has 384

/// How blocks share vectors. A ring holds the same column of `blocks` code blocks, byte by byte: bit i of block b lies
/// at i * blocks + b, so that a rotation of all of them by s is one rotation by s * blocks.
struct LdpcRing {
  int blocks = 1;   // a power of two, at most a vector's bytes
  int bytes = 0;    // Z * blocks, at least a vector's
  int vectors = 0;  // that cover the ring; the last may be partly beyond it
};
/// The ring that gets `code_blocks` blocks done soonest on vectors of `lanes` bytes.
LdpcRing choose_ring(int lifting_size, int code_blocks, int lanes) noexcept;

/// One row of the base graph in the order of decoding.
struct LdpcLayer {
  std::uint8_t row = 0;
  std::uint8_t degree = 0;     // edges to core columns
  bool has_extension = false;  // and one to a parity column that no other row has
  std::uint16_t first_edge = 0;
};

/// Where a layered decoder reads and writes, made once for a graph, a number of rows and a ring.
///
/// A core column has two buffers of column_stride bytes and alternates between them: a layer reads one, rotated by the
/// difference between the column's present rotation and its own, and writes the other in its own order. After an odd
/// number of uses in an iteration a column ends in the other buffer, hence one table for odd and one for even
/// iterations, and one for the first, which finds all columns unrotated.
struct LdpcSchedule {
  enum Pass { first, odd, even };  // odd: the second iteration, the fourth, ...
  static constexpr int kPasses = 3;

  LdpcSchedule() = default;
  explicit LdpcSchedule(int vector_bytes);  // allocates for the largest graph and ring

  void build(const LdpcGraph& graph, int rows, const LdpcRing& chosen) noexcept;

  int lanes = 0;  // bytes of a vector
  LdpcRing ring;
  int column_stride = 0;  // ring and, behind it, a vector that repeats its head
  int core_columns = 0;
  int layer_count = 0;
  std::array<LdpcLayer, kLdpcMaxRows> layers{};
  // Per pass: for each layer, vectors from last to first, for each edge the byte to read from.
  std::array<HostBuffer<std::uint16_t>, kPasses> reads;
  // Per pass: for each edge in the order of layers, the start of the buffer to write.
  std::array<std::array<std::uint16_t, kLdpcMaxEdges>, kPasses> writes{};
  // After an iteration of parity 0 (first, even) or 1 (odd): the same reads for the checks of the core rows, and where
  // a column lies with its rotation (bytes to add for its own order).
  std::array<HostBuffer<std::uint16_t>, 2> check_reads;
  std::array<std::uint8_t, kLdpcCoreRows> check_degree{};
  std::array<std::array<std::uint16_t, kLdpcMaxCoreColumns>, 2> final_buffer{};
  std::array<std::uint16_t, kLdpcMaxCoreColumns> final_rotation{};

 private:
  void order_layers(const LdpcGraph& graph, int rows) noexcept;
};

/// The schedules used last, so that a slot with a few kinds of blocks makes each once. Nothing allocates after
/// construction.
class LdpcScheduleCache {
 public:
  explicit LdpcScheduleCache(int lanes);
  const LdpcSchedule& get(const LdpcGraph& graph, int rows, int code_blocks) noexcept;

 private:
  static constexpr int kEntries = 8;
  struct Entry {
    std::uint64_t fingerprint = 0;
    int lifting_size = 0, rows = 0, ring_blocks = 0;
    std::uint64_t last_use = 0;
    LdpcSchedule schedule;
  };
  int lanes_;
  std::uint64_t uses_ = 0;
  std::array<Entry, kEntries> entries_;
};

}  // namespace pado::cpu
