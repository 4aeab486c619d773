// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace pado {

/// One non-zero circulant of a base graph, shifts already reduced for one lifting size.
struct LdpcEdge {
  std::uint8_t row = 0, column = 0;
  std::uint16_t shift = 0;  // 0 <= shift < Z: check i of the row meets bit (i + shift) mod Z of the column
};

/// A quasi-cyclic code with the structure of TS 38.212, 5.3.2, lifted by Z. Does not own its edges.
struct LdpcGraph {
  int lifting_size = 0;             // Z, 2..384
  int information_columns = 0;      // 22 or 10
  int rows = 0;                     // 46 or 42
  std::span<const LdpcEdge> edges;  // in the order of rows, then columns
  [[nodiscard]] constexpr int columns() const { return information_columns + rows; }  // 68 or 52; 2 are never sent
  [[nodiscard]] constexpr int sent_bits() const { return (columns() - 2) * lifting_size; }
};

/// A cyclic redundancy check: generator polynomial without its leading term, register from the top bit.
struct CrcPolynomial {
  std::uint32_t polynomial = 0;
  int bits = 0;  // 0: no check
  friend constexpr bool operator==(const CrcPolynomial&, const CrcPolynomial&) = default;
};

}  // namespace pado
