// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace pado::nr {

/// A generator polynomial of TS 38.212, 5.1, without its leading term.
struct CrcGenerator {
  std::uint32_t polynomial = 0;
  int bits = 0;  // 0: none
  bool operator==(const CrcGenerator&) const = default;
};
inline constexpr CrcGenerator kCrc24A{0x864cfb, 24};
inline constexpr CrcGenerator kCrc24B{0x800063, 24};
inline constexpr CrcGenerator kCrc24C{0xb2b117, 24};
inline constexpr CrcGenerator kCrc16{0x1021, 16};
inline constexpr CrcGenerator kCrc11{0x621, 11};
inline constexpr CrcGenerator kCrc6{0x21, 6};

/// How a transport block becomes code blocks, TS 38.212, 5.2.2 and 6.2.1.
struct Segmentation {
  int base_graph = 0;
  int payload_bits = 0;        // A
  CrcGenerator transport_crc;  // CRC24A above 3824 bits, CRC16 up to there
  int code_blocks = 0;         // C
  CrcGenerator block_crc;      // CRC24B where there are several blocks
  int block_bits = 0;          // K': a block's payload and its CRC
  int lifting_size = 0;        // Z
  int information_bits = 0;    // K: 22 Z or 10 Z
  [[nodiscard]] constexpr int fillers() const { return information_bits - block_bits; }
  [[nodiscard]] constexpr int block_payload_bits() const { return block_bits - block_crc.bits; }
  [[nodiscard]] constexpr int sent_columns() const { return base_graph == 1 ? 66 : 50; }
  [[nodiscard]] constexpr int sent_bits() const { return sent_columns() * lifting_size; }  // N
};
/// Throws Error where the payload is not positive or does not divide into equal blocks.
Segmentation segment(int payload_bits, int base_graph);

/// Rate matching of all code blocks that a transmission carries, TS 38.212, 5.4.2; in bits of one block.
struct RateMatching {
  int short_blocks = 0;               // the first blocks, of short_bits bits; the others have long_bits
  int short_bits = 0, long_bits = 0;  // E_r
  int buffer_bits = 0;                // N_cb
  int start = 0;                      // k_0
  int filler_start = 0, fillers = 0;  // of the circular buffer
  int rows = 0;  // of the base graph that take part, by the last parity bit that is sent; at least 4
};
/// coded_bits is G, of all layers. limited_buffer_tbs_bits is TBS_LBRM where the buffer is limited (I_LBRM = 1).
/// sent_blocks: how many of the code blocks are sent; 0: all.
/// Throws Error where G is no positive multiple of layers and bits per symbol, leaves a block empty, or rv is not 0..3.
RateMatching rate_matching(const Segmentation& segmentation, int coded_bits, int layers, int bits_per_symbol, int rv,
                           std::optional<int> limited_buffer_tbs_bits = std::nullopt, int sent_blocks = 0);

}  // namespace pado::nr
