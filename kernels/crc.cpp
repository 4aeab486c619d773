// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/crc.h"

#include <bit>
#include <cstring>

namespace pado {

// The register is kept at the top of 32 bits, so that one code serves every length.
Crc::Crc(CrcPolynomial polynomial) noexcept : polynomial_(polynomial) {
  const std::uint32_t top = polynomial.polynomial << (32 - polynomial.bits);
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t reg = byte << 24;
    for (int bit = 0; bit < 8; ++bit) reg = (reg << 1) ^ ((reg >> 31) * top);
    tables_[0][byte] = reg;
  }
  for (std::size_t k = 1; k < tables_.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t reg = tables_[k - 1][byte];
      tables_[k][byte] = (reg << 8) ^ tables_[0][reg >> 24];
    }
  }
}

std::uint32_t Crc::state(const std::uint8_t* p, std::size_t bytes, std::uint32_t reg) const noexcept {
  for (; bytes >= 8; bytes -= 8, p += 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
    word ^= std::uint64_t{reg} << 32;
    reg = tables_[7][word >> 56] ^ tables_[6][(word >> 48) & 255] ^ tables_[5][(word >> 40) & 255] ^
          tables_[4][(word >> 32) & 255] ^ tables_[3][(word >> 24) & 255] ^ tables_[2][(word >> 16) & 255] ^
          tables_[1][(word >> 8) & 255] ^ tables_[0][word & 255];
  }
  for (; bytes > 0; --bytes, ++p) reg = (reg << 8) ^ tables_[0][(reg >> 24) ^ *p];
  return reg;
}

std::uint32_t Crc::parity(std::span<const std::uint8_t> packed, std::size_t bits, std::uint32_t before) const noexcept {
  std::uint32_t reg = state(packed.data(), bits / 8, before);
  const std::uint8_t* p = packed.data() + bits / 8;
  const std::uint32_t top = polynomial_.polynomial << (32 - polynomial_.bits);
  for (std::size_t bit = 0; bit < bits % 8; ++bit) {
    reg ^= static_cast<std::uint32_t>((*p >> (7 - bit)) & 1) << 31;
    reg = (reg << 1) ^ ((reg >> 31) * top);
  }
  return reg >> (32 - polynomial_.bits);
}

}  // namespace pado
