// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/raw_iq/packet.h"

#include <algorithm>
#include <bit>

namespace pado::stream::raw_iq {
namespace {

// The bytes read the same in a dump: the mark, then version, antenna, samples, sequence, stream, time.
constexpr std::array<std::uint8_t, 4> kMark{'P', 'A', 'I', 'Q'};
constexpr std::size_t kVersionAt = 4, kAntennaAt = 5, kSamplesAt = 6, kSequenceAt = 8, kStreamAt = 12, kTimeAt = 16;
static_assert(kTimeAt + sizeof(std::uint64_t) == kHeaderBytes);
static_assert(std::endian::native == std::endian::little, "the samples are sent as they lie in memory");

constexpr std::uint64_t kEndOfTime = std::uint64_t{1} << 63;

template <class T>
T read(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value |= static_cast<T>(static_cast<T>(bytes[at + i]) << (8 * i));
  return value;
}

template <class T>
void write(std::span<std::uint8_t> bytes, std::size_t at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace

PacketStatus decode(std::span<const std::uint8_t> datagram, int antennas, IqPacket& packet) noexcept {
  if (datagram.size() < kHeaderBytes) return PacketStatus::too_short;
  if (!std::ranges::equal(datagram.first(kMark.size()), kMark)) return PacketStatus::foreign;
  if (datagram[kVersionAt] != kVersion) return PacketStatus::foreign_version;
  packet.antenna = datagram[kAntennaAt];
  packet.samples = read<std::uint16_t>(datagram, kSamplesAt);
  packet.sequence = read<std::uint32_t>(datagram, kSequenceAt);
  packet.stream_id = read<std::uint32_t>(datagram, kStreamAt);
  packet.sample_time = read<std::uint64_t>(datagram, kTimeAt);
  packet.payload = datagram.subspan(kHeaderBytes);
  const auto samples = static_cast<std::size_t>(packet.samples);
  if (samples == 0) return PacketStatus::no_samples;
  if (samples > kMaxSamples) return PacketStatus::too_many_samples;
  if (packet.payload.size() < samples * sizeof(ci16)) return PacketStatus::truncated;
  if (packet.payload.size() > samples * sizeof(ci16)) return PacketStatus::too_long;
  if (packet.antenna >= antennas) return PacketStatus::antenna_out_of_range;
  if (packet.sample_time >= kEndOfTime - samples) return PacketStatus::time_out_of_range;
  return PacketStatus::ok;
}

void encode(const PacketHeader& header, std::span<std::uint8_t, kHeaderBytes> out) noexcept {
  std::ranges::copy(kMark, out.begin());
  out[kVersionAt] = kVersion;
  out[kAntennaAt] = static_cast<std::uint8_t>(header.antenna);
  write(out, kSamplesAt, static_cast<std::uint16_t>(header.samples));
  write(out, kSequenceAt, header.sequence);
  write(out, kStreamAt, header.stream_id);
  write(out, kTimeAt, header.sample_time);
}

}  // namespace pado::stream::raw_iq
