// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "kernels/crc.h"
#include "kernels/encode_ldpc.h"
#include "kernels/ldpc_graph.h"
#include "phy/nr/ldpc_graph.h"

// Code words for the tests of the coding chain.
namespace pado::tests {

/// A base graph lifted by Z that owns its edges.
class LiftedGraph {
 public:
  LiftedGraph(int base_graph, int lifting_size) {
    for (const nr::LiftedEdge& edge : nr::lift(base_graph, lifting_size)) {
      edges_.push_back({.row = edge.row, .column = edge.column, .shift = edge.shift});
    }
    const nr::BaseGraph& base = nr::ldpc_base_graph(base_graph);
    graph_ = {.lifting_size = lifting_size,
              .information_columns = base.information_columns,
              .rows = base.rows,
              .edges = edges_};
  }
  LiftedGraph(const LiftedGraph&) = delete;
  LiftedGraph& operator=(const LiftedGraph&) = delete;
  [[nodiscard]] const LdpcGraph& graph() const { return graph_; }
  [[nodiscard]] int information_bits() const { return graph_.information_columns * graph_.lifting_size; }

 private:
  std::vector<LdpcEdge> edges_;
  LdpcGraph graph_;
};

inline std::vector<std::uint8_t> random_bits(std::size_t count, std::mt19937& rng) {
  std::vector<std::uint8_t> bits(count);
  for (auto& bit : bits) bit = static_cast<std::uint8_t>(rng() & 1);
  return bits;
}

struct CodeWord {
  std::vector<std::uint8_t> information;  // K bits: random, their CRC, fillers
  std::vector<std::uint8_t> sent;         // from column 2 on
};

/// Random payload with its CRC in K' bits; the rest up to K are fillers.
inline CodeWord random_code_word(const LiftedGraph& lifted, int block_bits, CrcPolynomial crc, std::mt19937& rng) {
  CodeWord word;
  word.information = random_bits(static_cast<std::size_t>(block_bits - crc.bits), rng);
  if (crc.bits != 0) {
    std::vector<std::uint8_t> packed((word.information.size() + 7) / 8);
    pack_bits(word.information, packed);
    const std::uint32_t parity = Crc(crc).parity(packed, word.information.size());
    for (int i = crc.bits - 1; i >= 0; --i) word.information.push_back((parity >> i) & 1);
  }
  word.information.resize(static_cast<std::size_t>(lifted.information_bits()), 0);
  word.sent.resize(static_cast<std::size_t>(lifted.graph().sent_bits()));
  encode_ldpc(lifted.graph(), word.information, word.sent);
  return word;
}

/// ln(p0/p1) of bits sent as +-1 over noise of the given standard deviation.
inline std::vector<double> noisy_llrs(const std::vector<std::uint8_t>& bits, double sigma, std::mt19937& rng) {
  std::normal_distribution<double> noise(0, sigma);
  std::vector<double> llrs(bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) llrs[i] = 2 * (1.0 - 2.0 * bits[i] + noise(rng)) / (sigma * sigma);
  return llrs;
}

inline std::int8_t quantize(double llr) {
  return static_cast<std::int8_t>(std::clamp(std::lround(6 * llr), -127L, 127L));
}

}  // namespace pado::tests
