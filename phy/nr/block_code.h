// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace pado::nr {

inline constexpr int kBlockCodeBits = 32;  // N
inline constexpr int kMaxBlockCodePayload = 11;

/// TS 38.212 V17.1.0, table 5.3.3.3-1: basis sequences of the code for 3 to 11 bits. Row i has M(i, k) at bit 10 - k.
inline constexpr std::array<std::uint16_t, kBlockCodeBits> kBlockCodeRows{
    0b11000000001, 0b11100000011, 0b10010010111, 0b10110000101, 0b11110001001, 0b11001011101, 0b10101010111,
    0b10011001101, 0b11011001011, 0b10111010011, 0b10100111011, 0b11100110101, 0b10010101111, 0b11010101011,
    0b10001101001, 0b11001111011, 0b11101110010, 0b10011100100, 0b11011111000, 0b10000110000, 0b10100010001,
    0b11010000011, 0b10001001101, 0b11101000111, 0b11111011110, 0b11000111001, 0b10110100110, 0b11110101110,
    0b10101110100, 0b10111111100, 0b11111111111, 0b10000000000};
constexpr bool block_code_basis(int row, int sequence) {
  return (kBlockCodeRows[static_cast<std::size_t>(row)] >> (10 - sequence) & 1) != 0;
}

}  // namespace pado::nr
