// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/ldpc_graph.h"

// The code of TS 38.212, 5.3.2: its parity checks one by one, and sum-product decoding with a flooding schedule in
// double precision.
namespace pado::reference {

/// Columns with a one in each row of the lifted parity check matrix H.
inline std::vector<std::vector<int>> parity_checks(const LdpcGraph& graph, int rows) {
  const int z = graph.lifting_size;
  std::vector<std::vector<int>> checks(static_cast<std::size_t>(rows) * static_cast<std::size_t>(z));
  for (const LdpcEdge& edge : graph.edges) {
    if (edge.row >= rows) continue;
    for (int i = 0; i < z; ++i) {
      checks[static_cast<std::size_t>(edge.row * z + i)].push_back(edge.column * z + (i + edge.shift) % z);
    }
  }
  return checks;
}

/// Rows of H c that are not zero; c has all columns, the first two included.
inline int violated_checks(const LdpcGraph& graph, int rows, const std::vector<std::uint8_t>& c) {
  int violated = 0;
  for (const auto& check : parity_checks(graph, rows)) {
    int sum = 0;
    for (const int column : check) sum += c[static_cast<std::size_t>(column)];
    violated += sum % 2;
  }
  return violated;
}

/// Hard decisions after some iterations from llr = ln(p0/p1) of every bit, the first two columns included.
inline std::vector<std::uint8_t> decode_sum_product(const LdpcGraph& graph, int rows, const std::vector<double>& llr,
                                                    int iterations) {
  const auto checks = parity_checks(graph, rows);
  std::vector<std::vector<double>> to_bit;  // [check][edge]
  for (const auto& check : checks) to_bit.emplace_back(check.size(), 0.0);
  std::vector<double> posterior = llr;
  for (int iteration = 0; iteration < iterations; ++iteration) {
    std::vector<double> next = llr;
    for (std::size_t c = 0; c < checks.size(); ++c) {
      const std::size_t degree = checks[c].size();
      std::vector<double> tanhs(degree), before(degree, 1.0);
      for (std::size_t e = 0; e < degree; ++e) {
        const double to_check = posterior[static_cast<std::size_t>(checks[c][e])] - to_bit[c][e];
        tanhs[e] = std::tanh(std::min(std::max(to_check, -36.0), 36.0) / 2);
        if (e > 0) before[e] = before[e - 1] * tanhs[e - 1];
      }
      double after = 1.0;
      for (std::size_t e = degree; e-- > 0;) {
        const double product = before[e] * after;
        after *= tanhs[e];
        to_bit[c][e] = 2 * std::atanh(std::min(std::max(product, -1 + 1e-15), 1 - 1e-15));
        next[static_cast<std::size_t>(checks[c][e])] += to_bit[c][e];
      }
    }
    posterior = next;
  }
  std::vector<std::uint8_t> bits(posterior.size());
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = posterior[i] < 0;
  return bits;
}

}  // namespace pado::reference
