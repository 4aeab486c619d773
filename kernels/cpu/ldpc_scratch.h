// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/folded_crc.h"
#include "kernels/cpu/ldpc_schedule.h"

namespace pado::cpu {

inline constexpr int kRateTileColumns = 1024;  // of the interleaver, taken at a time: all eight rows stay in L1

/// Bytes of a vector of the decoder on this machine.
int ldpc_lanes();

/// Memory of the coding chain's kernels.
struct LdpcScratch {
  explicit LdpcScratch(const Limits&);

  /// The tables of a polynomial: made at its first use, kept for as many polynomials as the standard has.
  const FoldedCrc& crc(CrcPolynomial polynomial) noexcept;

  HostBuffer<std::int8_t> rate_tile;  // [interleaver row][kRateTileColumns]

  LdpcScheduleCache schedules;
  HostBuffer<std::int8_t> posteriors;  // [core column][2][column_stride]
  HostBuffer<std::int8_t> extension;   // [row - 4][ring, whole vectors]: channel LLRs of parity that one row alone has
  HostBuffer<std::int8_t> messages;    // in the order of use, a vector an edge
  std::array<HostBuffer<std::int8_t>, 2> interleave;  // [column][ring]: blocks on their way into and out of rings
  HostBuffer<std::int8_t> no_block;                   // zeros, for a place of a ring that has no block
  HostBuffer<std::uint8_t> hard_bits;                 // [byte of a block][ring block]

 private:
  std::array<FoldedCrc, 6> crcs_;
  std::size_t next_crc_ = 0;
};

}  // namespace pado::cpu
