// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace pado::stream {

/// Samples of one antenna as a packet of any wire format brings them. The samples stay in the datagram.
struct IqPacket {
  std::uint32_t stream_id = 0;            // another one each time that a sender starts
  std::uint32_t sequence = 0;             // of the antenna's packets; wraps
  int antenna = 0;                        // in range
  std::uint64_t sample_time = 0;          // of the first sample, counted from the stream's start
  int samples = 0;                        // more than 0; sample_time + samples is below 2^63
  std::span<const std::uint8_t> payload;  // ci16, little endian, samples * 4 bytes at any alignment
};

}  // namespace pado::stream
