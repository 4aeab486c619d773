// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/ldpc_graph.h"

namespace pado {

/// Cyclic redundancy check of TS 38.212, 5.1, over packed bits, eight bytes a step with tables made at construction.
/// Any polynomial of 1 to 32 bits.
class Crc {
 public:
  explicit Crc(CrcPolynomial polynomial = {.polynomial = 1, .bits = 1}) noexcept;

  /// Parity bits of the first `bits` bits (the first is the top bit of a byte), in the low end of the result. Zero over
  /// a message with its parity bits behind it means that it holds. state: of what went before.
  [[nodiscard]] std::uint32_t parity(std::span<const std::uint8_t> packed, std::size_t bits,
                                     std::uint32_t state = 0) const noexcept;
  /// The register behind whole bytes, for a message that goes on.
  [[nodiscard]] std::uint32_t state(const std::uint8_t* packed, std::size_t bytes,
                                    std::uint32_t before = 0) const noexcept;
  [[nodiscard]] CrcPolynomial polynomial() const { return polynomial_; }

 private:
  CrcPolynomial polynomial_;
  std::array<std::array<std::uint32_t, 256>, 8> tables_;  // [k][byte]: the byte's remainder after k more zero bytes
};

}  // namespace pado
