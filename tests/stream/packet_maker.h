// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/complex.h"
#include "stream/raw_iq/packet.h"

namespace pado::tests {

/// What antenna sends at a sample time: no two samples near one another are equal, and none is zero.
inline ci16 sample_at(int antenna, std::uint64_t time) {
  return {static_cast<std::int16_t>(1 + time % 30011), static_cast<std::int16_t>(-1 - antenna)};
}

/// A whole datagram with such samples.
inline std::vector<std::uint8_t> make_datagram(const stream::raw_iq::PacketHeader& header) {
  std::vector<std::uint8_t> bytes(stream::raw_iq::kHeaderBytes +
                                  static_cast<std::size_t>(header.samples) * sizeof(ci16));
  stream::raw_iq::encode(header, std::span<std::uint8_t, stream::raw_iq::kHeaderBytes>(bytes.data(), 24));
  for (int i = 0; i < header.samples; ++i) {
    const ci16 sample = sample_at(header.antenna, header.sample_time + static_cast<std::uint64_t>(i));
    std::memcpy(&bytes[24 + 4 * static_cast<std::size_t>(i)], &sample, sizeof sample);
  }
  return bytes;
}

/// A stream of whole slots as a sender cuts it: for each piece of time a packet of each antenna.
inline std::vector<std::vector<std::uint8_t>> make_stream(int antennas, int samples, int packet_samples,
                                                          std::uint32_t stream_id = 7, std::uint32_t first_sequence = 0,
                                                          std::uint64_t first_time = 0) {
  std::vector<std::vector<std::uint8_t>> datagrams;
  for (int at = 0; at < samples; at += packet_samples) {
    for (int antenna = 0; antenna < antennas; ++antenna) {
      datagrams.push_back(make_datagram({.stream_id = stream_id,
                                         .sequence = first_sequence + static_cast<std::uint32_t>(at / packet_samples),
                                         .antenna = antenna,
                                         .sample_time = first_time + static_cast<std::uint64_t>(at),
                                         .samples = std::min(packet_samples, samples - at)}));
    }
  }
  return datagrams;
}

}  // namespace pado::tests
