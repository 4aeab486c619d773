// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/ldpc_scratch.h"

namespace pado::cpu {

namespace {

constexpr std::size_t kMaxLanes = 64;
constexpr std::size_t kRing = kLdpcMaxRing + kMaxLanes;  // whole vectors
constexpr std::size_t kMaxSentColumns = 66;

}  // namespace

LdpcScratch::LdpcScratch(const Limits&)
    : rate_tile(std::size_t{8} * kRateTileColumns),
      schedules(ldpc_lanes()),
      posteriors(kLdpcMaxCoreColumns * 2 * (kRing + kMaxLanes)),
      extension((kLdpcMaxRows - kLdpcCoreRows) * kRing),
      messages(kLdpcMaxEdges * kRing),
      interleave{HostBuffer<std::int8_t>(kMaxSentColumns * kRing), HostBuffer<std::int8_t>(kMaxSentColumns * kRing)},
      no_block(kMaxSentColumns * 384),
      hard_bits(kMaxLanes * kLdpcMaxRing) {}

const FoldedCrc& LdpcScratch::crc(CrcPolynomial polynomial) noexcept {
  for (const FoldedCrc& made : crcs_) {
    if (made.polynomial() == polynomial) return made;
  }
  FoldedCrc& crc = crcs_[next_crc_];
  next_crc_ = (next_crc_ + 1) % crcs_.size();
  crc = FoldedCrc(polynomial);
  return crc;
}

}  // namespace pado::cpu
