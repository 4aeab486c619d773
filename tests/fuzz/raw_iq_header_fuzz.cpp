// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "stream/raw_iq/packet.h"

namespace raw_iq = pado::stream::raw_iq;

/// A datagram: what passes lies inside it, says what is possible, and is encoded to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kAntennas = 4;
  const std::span<const std::uint8_t> datagram(data, size);
  pado::stream::IqPacket packet;
  if (raw_iq::decode(datagram, kAntennas, packet) != raw_iq::PacketStatus::ok) return 0;
  const auto samples = static_cast<std::size_t>(packet.samples);
  if (packet.antenna < 0 || packet.antenna >= kAntennas || packet.samples < 1) std::abort();
  if (packet.sample_time + samples >= std::uint64_t{1} << 63) std::abort();
  if (packet.payload.data() != data + raw_iq::kHeaderBytes || packet.payload.size() != 4 * samples ||
      size != raw_iq::kHeaderBytes + 4 * samples)
    std::abort();
  std::array<std::uint8_t, raw_iq::kHeaderBytes> again;
  raw_iq::encode({.stream_id = packet.stream_id,
                  .sequence = packet.sequence,
                  .antenna = packet.antenna,
                  .sample_time = packet.sample_time,
                  .samples = packet.samples},
                 again);
  if (!std::ranges::equal(again, datagram.first(raw_iq::kHeaderBytes))) std::abort();
  return 0;
}
