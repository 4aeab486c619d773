// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/uci/encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "phy/nr/block_code.h"
#include "phy/nr/error.h"

namespace pado::uci {
namespace {

using Bits = std::vector<std::uint8_t>;

// TS 38.212, 5.3.3.1 and 5.3.3.2.
Bits one_bit(std::uint8_t bit, int bits_per_symbol) {
  Bits symbol(static_cast<std::size_t>(bits_per_symbol), kOne);
  symbol[0] = bit;
  if (bits_per_symbol > 1) symbol[1] = kRepeat;
  return symbol;
}

Bits two_bits(std::uint8_t c0, std::uint8_t c1, int bits_per_symbol) {
  const std::array<std::uint8_t, 3> word{c0, c1, static_cast<std::uint8_t>(c0 ^ c1)};
  const int pair = std::min(bits_per_symbol, 2);
  Bits symbols;
  for (int i = 0; i < 3 * bits_per_symbol; ++i) {
    const int symbol = i / bits_per_symbol, place = i % bits_per_symbol;
    symbols.push_back(place < pair ? word[static_cast<std::size_t>(symbol * pair + place) % 3] : kOne);
  }
  return symbols;
}

// TS 38.212, 5.3.3.3.
Bits block_code(std::span<const std::uint8_t> bits) {
  Bits word(nr::kBlockCodeBits, 0);
  for (int i = 0; i < nr::kBlockCodeBits; ++i) {
    for (std::size_t k = 0; k < bits.size(); ++k)
      word[static_cast<std::size_t>(i)] ^=
          bits[k] & static_cast<std::uint8_t>(nr::block_code_basis(i, static_cast<int>(k)));
  }
  return word;
}

Bits polar_blocks(std::span<const std::uint8_t> bits, int coded_bits) {
  const nr::PolarSegmentation s = nr::polar_segmentation(static_cast<int>(bits.size()), coded_bits);
  const nr::PolarCode code = nr::polar_code(s);
  Bits message(static_cast<std::size_t>(s.leading_zeros), 0);
  message.insert(message.end(), bits.begin(), bits.end());
  Bits coded;
  for (int block = 0; block < s.code_blocks; ++block) {
    const auto first = message.begin() + block * s.block_payload_bits;
    Bits information(first, first + s.block_payload_bits);
    const std::uint32_t crc = crc_remainder(s.crc, information);
    for (int i = s.crc.bits - 1; i >= 0; --i) information.push_back(crc >> i & 1);
    const Bits word = encode_polar(code, information);
    coded.insert(coded.end(), word.begin(), word.end());
  }
  coded.resize(static_cast<std::size_t>(coded_bits), 0);
  return coded;
}

}  // namespace

std::uint32_t crc_remainder(nr::CrcGenerator generator, std::span<const std::uint8_t> bits) noexcept {
  const std::uint32_t top = 1U << (generator.bits - 1), mask = (top << 1) - 1;
  std::uint32_t remainder = 0;
  for (const std::uint8_t bit : bits) {
    const bool out = ((remainder & top) != 0) != (bit != 0);
    remainder = (remainder << 1 & mask) ^ (out ? generator.polynomial : 0);
  }
  return remainder;
}

void polar_transform(std::span<std::uint8_t> bits) noexcept {
  for (std::size_t half = 1; half < bits.size(); half *= 2) {
    for (std::size_t start = 0; start < bits.size(); start += 2 * half) {
      for (std::size_t i = start; i < start + half; ++i) bits[i] ^= bits[i + half];
    }
  }
}

std::vector<std::uint8_t> encode_polar(const nr::PolarCode& code, std::span<const std::uint8_t> information) {
  Bits word(static_cast<std::size_t>(code.size), 0);
  std::array<std::uint8_t, 5> y{};  // the shift register of TS 38.212, 5.3.1.2, which turns as the index goes on
  std::size_t next = 0;
  for (std::size_t n = 0; n < word.size(); ++n) {
    if (code.inputs[n] == nr::PolarBit::frozen) continue;
    std::uint8_t& state = y[n % 5];
    if (code.inputs[n] == nr::PolarBit::parity) {
      word[n] = state;
    } else {
      word[n] = information[next++];
      state ^= word[n];
    }
  }
  polar_transform(word);
  Bits sent;
  sent.reserve(code.sent.size());
  for (const std::uint16_t index : code.sent) sent.push_back(word[index]);
  return sent;
}

std::vector<std::uint8_t> encode(std::span<const std::uint8_t> bits, int coded_bits, int bits_per_symbol) {
  if (bits.empty()) return {};
  if (bits.size() >= 12) return polar_blocks(bits, coded_bits);
  const Bits word = bits.size() == 1   ? one_bit(bits[0], bits_per_symbol)
                    : bits.size() == 2 ? two_bits(bits[0], bits[1], bits_per_symbol)
                                       : block_code(bits);
  Bits coded;  // TS 38.212, 5.4.3
  for (int i = 0; i < coded_bits; ++i) coded.push_back(word[static_cast<std::size_t>(i) % word.size()]);
  return coded;
}

}  // namespace pado::uci
