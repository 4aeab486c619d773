// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kernels/complex.h"
#include "stream/iq_packet.h"

/// Raw samples in UDP datagrams; docs/raw_iq.md has the format.
namespace pado::stream::raw_iq {

inline constexpr std::size_t kHeaderBytes = 24;
inline constexpr std::size_t kMaxDatagramBytes = 65507;  // of UDP over IPv4
inline constexpr std::size_t kMaxSamples = (kMaxDatagramBytes - kHeaderBytes) / sizeof(ci16);
inline constexpr std::uint8_t kVersion = 1;

/// What is wrong with a datagram, in the order of the checks.
enum class PacketStatus : std::uint8_t {
  ok,
  too_short,
  foreign,
  foreign_version,
  no_samples,
  too_many_samples,
  truncated,
  too_long,
  antenna_out_of_range,
  time_out_of_range,
};
inline constexpr int kPacketStatuses = 10;

/// A name for tables and JSON, and a sentence for people.
inline constexpr std::array<std::string_view, kPacketStatuses> kPacketStatusNames{"ok",
                                                                                  "too_short",
                                                                                  "foreign",
                                                                                  "foreign_version",
                                                                                  "no_samples",
                                                                                  "too_many_samples",
                                                                                  "truncated",
                                                                                  "too_long",
                                                                                  "antenna_out_of_range",
                                                                                  "time_out_of_range"};
inline constexpr std::array<std::string_view, kPacketStatuses> kPacketStatusSentences{
    "good",
    "shorter than a header",
    "does not begin with the format's mark",
    "of another version of the format",
    "its header says that there are no samples",
    "its header says that there are more samples than a datagram holds",
    "shorter than its header says",
    "longer than its header says",
    "from an antenna that the cell does not have",
    "its sample time cannot be"};

/// Reads a datagram; packet points into it and is whole only where the status is ok. Any bytes may come.
PacketStatus decode(std::span<const std::uint8_t> datagram, int antennas, IqPacket& packet) noexcept;

/// What the sender says of a packet.
struct PacketHeader {
  std::uint32_t stream_id = 0;
  std::uint32_t sequence = 0;
  int antenna = 0;
  std::uint64_t sample_time = 0;
  int samples = 0;
};

/// Writes a header that decode reads.
void encode(const PacketHeader& header, std::span<std::uint8_t, kHeaderBytes> out) noexcept;

}  // namespace pado::stream::raw_iq
