// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phy/nr/segmentation.h"

namespace pado::nr {

inline constexpr int kMaxPolarBits = 1024;       // N, uplink
inline constexpr int kMaxPolarCodedBits = 8192;  // E, TS 38.212, 5.4.1.3
extern const std::array<std::uint16_t, kMaxPolarBits> kPolarSequence;

enum class PolarBit : std::uint8_t { frozen, information, parity };

/// A polar code of the uplink with its rate matching, TS 38.212, 5.3.1 and 5.4.1 (I_IL = 0, I_BIL = 1).
struct PolarCode {
  int information_bits = 0;                // K, the check included
  int coded_bits = 0;                      // E
  int size = 0;                            // N
  std::vector<PolarBit> inputs{};          // [N]: what each input bit of the encoder is
  std::vector<std::uint16_t> sent{};       // [E]: the encoder's output bit that is sent, behind all interleavers
  std::vector<std::uint16_t> shortened{};  // output bits that are known to be zero and never sent
};
/// parity_bits: n_PC, of which heavy_parity_bits (n_PC^wm) lie on rows of the lowest weight. Throws Error where the
/// coded bits cannot hold the others, or K is beyond what a mother code of 1024 bits carries.
PolarCode polar_code(int information_bits, int coded_bits, int parity_bits, int heavy_parity_bits);

/// How the bits of a part of UCI become polar code blocks, TS 38.212, 5.2.1, 6.3.1.2.1 and 6.3.1.3.1.
struct PolarSegmentation {
  int code_blocks = 1;
  CrcGenerator crc;            // of each block
  int block_payload_bits = 0;  // with the zero that stands first where the blocks would be unequal
  int leading_zeros = 0;       // 0 or 1, of the first block
  int block_coded_bits = 0;    // E_r: what the blocks leave of the coded bits are zeros at the end
  [[nodiscard]] constexpr int block_bits() const { return block_payload_bits + crc.bits; }
};
/// bits: 12 to 1706. coded_bits: E_UCI.
PolarSegmentation polar_segmentation(int bits, int coded_bits);
/// The code of each block. Throws Error as above.
PolarCode polar_code(const PolarSegmentation& segmentation);

}  // namespace pado::nr
