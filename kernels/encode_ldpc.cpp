// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/encode_ldpc.h"

#include <algorithm>
#include <array>

namespace pado {

namespace {

constexpr int kCoreRows = 4;
using Ring = std::array<std::uint8_t, 384>;

// sum[i] ^= column[(i + shift) mod Z]
void add_rotated(const std::uint8_t* column, int shift, int z, std::uint8_t* sum) noexcept {
  for (int i = 0; i < z - shift; ++i) sum[i] ^= column[i + shift];
  for (int i = z - shift; i < z; ++i) sum[i] ^= column[i + shift - z];
}

// A code block whose parity columns come to be known one by one.
class Encoder {
 public:
  Encoder(const LdpcGraph& graph, std::span<const std::uint8_t> information, std::span<std::uint8_t> sent)
      : graph_(graph), z_(graph.lifting_size), information_(information), sent_(sent) {
    std::copy(information.begin() + std::ptrdiff_t{2} * z_, information.end(), sent.begin());
  }

  void encode() noexcept {
    std::array<Ring, kCoreRows> sums{};
    for (const LdpcEdge& edge : graph_.edges) {
      if (edge.row < kCoreRows && edge.column < graph_.information_columns) add(edge, sums[edge.row].data());
    }
    solve_first_parity(sums);
    solve_core(sums);
    for (const LdpcEdge& edge : graph_.edges) {  // each further row has one parity column of its own, shift 0
      if (edge.row < kCoreRows || edge.column == graph_.information_columns + edge.row) continue;
      add(edge, column(graph_.information_columns + edge.row));
    }
  }

 private:
  std::uint8_t* column(int c) noexcept { return sent_.data() + static_cast<std::ptrdiff_t>(c - 2) * z_; }
  void add(const LdpcEdge& edge, std::uint8_t* sum) noexcept {
    const std::uint8_t* from =
        edge.column < 2 ? information_.data() + static_cast<std::ptrdiff_t>(edge.column) * z_ : column(edge.column);
    add_rotated(from, edge.shift, z_, sum);
  }

  // The sum of the four core rows leaves the first parity column alone: it has three circulants, two of them equal.
  void solve_first_parity(const std::array<Ring, kCoreRows>& sums) noexcept {
    int shift = 0;
    std::array<int, 3> shifts{};
    std::size_t count = 0;
    for (const LdpcEdge& edge : graph_.edges) {
      if (edge.row < kCoreRows && edge.column == graph_.information_columns && count < 3) shifts[count++] = edge.shift;
    }
    if (shifts[0] == shifts[1])
      shift = shifts[2];
    else
      shift = shifts[0] == shifts[2] ? shifts[1] : shifts[0];
    std::uint8_t* parity = column(graph_.information_columns);
    for (int i = 0; i < z_; ++i) {
      const auto at = static_cast<std::size_t>(i);
      parity[(i + shift) % z_] = sums[0][at] ^ sums[1][at] ^ sums[2][at] ^ sums[3][at];
    }
  }

  // The other three follow one from another: a row with one unknown column (shift 0) gives it.
  void solve_core(std::array<Ring, kCoreRows>& sums) noexcept {
    std::array<bool, kCoreRows> known{true, false, false, false};
    for (const LdpcEdge& edge : graph_.edges) {
      if (edge.row < kCoreRows && edge.column == graph_.information_columns) add(edge, sums[edge.row].data());
    }
    for (int step = 1; step < kCoreRows; ++step) {
      for (int row = 0; row < kCoreRows; ++row) {
        const int unknown = only_unknown(row, known);
        if (unknown < 0) continue;
        std::copy_n(sums[static_cast<std::size_t>(row)].data(), z_, column(graph_.information_columns + unknown));
        known[static_cast<std::size_t>(unknown)] = true;
        for (const LdpcEdge& edge : graph_.edges) {
          if (edge.row < kCoreRows && edge.column == graph_.information_columns + unknown) {
            add(edge, sums[edge.row].data());
          }
        }
      }
    }
  }

  [[nodiscard]] int only_unknown(int row, const std::array<bool, kCoreRows>& known) const noexcept {
    int unknown = -1;
    for (const LdpcEdge& edge : graph_.edges) {
      const int parity = edge.column - graph_.information_columns;
      if (edge.row != row || parity < 0 || parity >= kCoreRows || known[static_cast<std::size_t>(parity)]) continue;
      if (unknown >= 0) return -1;
      unknown = parity;
    }
    return unknown;
  }

  const LdpcGraph& graph_;
  int z_;
  std::span<const std::uint8_t> information_;
  std::span<std::uint8_t> sent_;
};

}  // namespace

void encode_ldpc(const LdpcGraph& graph, std::span<const std::uint8_t> information,
                 std::span<std::uint8_t> sent) noexcept {
  const auto parity = static_cast<std::ptrdiff_t>(graph.information_columns - 2) * graph.lifting_size;
  std::fill(sent.begin() + parity, sent.end(), std::uint8_t{0});
  Encoder(graph, information, sent).encode();
}

void unpack_bits(std::span<const std::uint8_t> packed, std::span<std::uint8_t> bits) noexcept {
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = (packed[i / 8] >> (7 - i % 8)) & 1;
}

void pack_bits(std::span<const std::uint8_t> bits, std::span<std::uint8_t> packed) noexcept {
  std::fill(packed.begin(), packed.end(), std::uint8_t{0});
  for (std::size_t i = 0; i < bits.size(); ++i) packed[i / 8] |= static_cast<std::uint8_t>(bits[i] << (7 - i % 8));
}

}  // namespace pado
