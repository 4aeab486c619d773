// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/crc.h"

namespace pado::cpu {

/// What Crc computes, 64 bytes a step by carry-less multiplication where the machine has it.
class FoldedCrc {
 public:
  explicit FoldedCrc(CrcPolynomial polynomial = {.polynomial = 1, .bits = 1}) noexcept;

  [[nodiscard]] std::uint32_t parity(std::span<const std::uint8_t> packed, std::size_t bits) const noexcept;
  [[nodiscard]] CrcPolynomial polynomial() const { return crc_.polynomial(); }

 private:
  Crc crc_;
  // x^64 and x^128 times a power of x: what a block of 128 bits becomes that many bits further on, modulo the
  // polynomial. Lower half first.
  std::uint64_t by_128_[2], by_512_[2];
};

}  // namespace pado::cpu
