// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/polar_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <span>

#include "phy/nr/error.h"

namespace pado::nr {
namespace {

// TS 38.212, table 5.4.1.1-1: sub-block interleaver.
constexpr std::array<std::uint8_t, 32> kSubBlocks{0,  1,  2,  4,  3,  5,  6,  7,  8,  16, 9,  17, 10, 18, 11, 19,
                                                  12, 20, 13, 21, 14, 22, 15, 23, 24, 25, 26, 28, 27, 29, 30, 31};

// Output bit of the encoder behind position n of the sub-block interleaver: J(n).
int interleaved(int n, int size) {
  const int block = size / 32;
  return kSubBlocks[static_cast<std::size_t>(n / block)] * block + n % block;
}

int log2_ceil(int value) { return std::bit_width(static_cast<unsigned>(value - 1)); }

// TS 38.212, 5.3.1: n, with n_max = 10 of the uplink.
int mother_code_bits(int k, int e) {
  const int up = log2_ceil(e);
  const bool smaller = 8 * e <= 9 * (1 << (up - 1)) && 16 * k < 9 * e;
  return std::max(std::min({smaller ? up - 1 : up, log2_ceil(8 * k), 10}), 5);
}

bool is_punctured(const PolarCode& c) { return 16 * c.information_bits <= 7 * c.coded_bits; }

// TS 38.212, 5.4.1.1: input bits that rate matching freezes.
std::vector<bool> frozen_by_rate_matching(const PolarCode& c) {
  std::vector<bool> frozen(static_cast<std::size_t>(c.size), false);
  const int unsent = c.size - c.coded_bits;
  if (unsent <= 0) return frozen;
  if (!is_punctured(c)) {
    for (int n = c.coded_bits; n < c.size; ++n) frozen[interleaved(n, c.size)] = true;
    return frozen;
  }
  for (int n = 0; n < unsent; ++n) frozen[interleaved(n, c.size)] = true;
  const int e = c.coded_bits;
  const int first = 4 * e >= 3 * c.size ? (3 * c.size - 2 * e + 3) / 4 : (9 * c.size - 4 * e + 15) / 16;  // rounded up
  std::fill_n(frozen.begin(), first, true);
  return frozen;
}

// The weight of a row of the generator matrix is 2 to the number of ones of its index.
int row_ones(std::uint16_t index) { return std::popcount(index); }

// TS 38.212, 5.3.1.2. chosen: Q_I, ascending in reliability.
void place_bits(std::span<const std::uint16_t> chosen, int parity_bits, int heavy_parity_bits, PolarCode& c) {
  for (const std::uint16_t index : chosen) c.inputs[index] = PolarBit::information;
  const auto least = static_cast<std::size_t>(parity_bits - heavy_parity_bits);
  for (std::size_t i = 0; i < least; ++i) c.inputs[chosen[i]] = PolarBit::parity;
  for (int placed = 0; placed < heavy_parity_bits; ++placed) {
    const std::uint16_t* lightest = nullptr;
    for (std::size_t i = chosen.size(); i-- > static_cast<std::size_t>(parity_bits);) {  // the most reliable first
      if (c.inputs[chosen[i]] == PolarBit::parity) continue;
      if (lightest == nullptr || row_ones(chosen[i]) < row_ones(*lightest)) lightest = &chosen[i];
    }
    c.inputs[*lightest] = PolarBit::parity;
  }
}

// TS 38.212, 5.4.1.2: bit of the sub-block interleaver's output that is selected as number k.
int selected(int k, const PolarCode& c) {
  if (c.coded_bits >= c.size) return k % c.size;
  return is_punctured(c) ? k + c.size - c.coded_bits : k;
}

// TS 38.212, 5.4.1.3: the triangle is written by rows and read by columns.
std::vector<int> channel_interleaver(int bits) {
  int side = 0;
  while (side * (side + 1) / 2 < bits) ++side;
  std::vector<int> order;
  order.reserve(static_cast<std::size_t>(bits));
  for (int column = 0; column < side; ++column) {
    int index = column;
    for (int row = 0; row < side - column; ++row) {
      if (index < bits) order.push_back(index);
      index += side - row;
    }
  }
  return order;
}

}  // namespace

PolarCode polar_code(int information_bits, int coded_bits, int parity_bits, int heavy_parity_bits) {
  const int needed = information_bits + parity_bits;
  if (information_bits < 1 || needed > coded_bits) {
    throw Error(fmt::format("polar code of {} bits with {} parity bits in {} coded bits: at least {} are needed",
                            information_bits, parity_bits, coded_bits, needed));
  }
  PolarCode c{.information_bits = information_bits, .coded_bits = coded_bits};
  c.size = 1 << mother_code_bits(information_bits, coded_bits);
  const std::vector<bool> frozen = frozen_by_rate_matching(c);
  std::vector<std::uint16_t> candidates;
  for (const std::uint16_t index : kPolarSequence)
    if (index < c.size && !frozen[index]) candidates.push_back(index);
  if (needed > static_cast<int>(candidates.size())) {
    throw Error(fmt::format("polar code of {} bits in {} coded bits: a mother code of {} bits leaves {}",
                            information_bits, coded_bits, c.size, candidates.size()));
  }
  c.inputs.assign(static_cast<std::size_t>(c.size), PolarBit::frozen);
  place_bits(std::span(candidates).last(static_cast<std::size_t>(needed)), parity_bits, heavy_parity_bits, c);
  for (const int k : channel_interleaver(coded_bits))
    c.sent.push_back(static_cast<std::uint16_t>(interleaved(selected(k, c), c.size)));
  if (!is_punctured(c)) {
    for (int n = coded_bits; n < c.size; ++n) c.shortened.push_back(static_cast<std::uint16_t>(interleaved(n, c.size)));
  }
  return c;
}

PolarSegmentation polar_segmentation(int bits, int coded_bits) {
  PolarSegmentation s;
  s.crc = bits < 20 ? kCrc6 : kCrc11;
  s.code_blocks = (bits >= 360 && coded_bits >= 1088) || bits >= 1013 ? 2 : 1;
  s.block_payload_bits = (bits + s.code_blocks - 1) / s.code_blocks;
  s.leading_zeros = s.block_payload_bits * s.code_blocks - bits;
  s.block_coded_bits = coded_bits / s.code_blocks;
  return s;
}

PolarCode polar_code(const PolarSegmentation& s) {
  const int k = s.block_bits();
  const bool short_block = k <= 25;  // 18 to 25: TS 38.212, 6.3.1.3.1
  return polar_code(k, s.block_coded_bits, short_block ? 3 : 0,
                    short_block && s.block_coded_bits - k + 3 > 192 ? 1 : 0);
}

}  // namespace pado::nr
