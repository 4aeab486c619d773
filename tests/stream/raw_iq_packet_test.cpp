// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/raw_iq/packet.h"

#include <set>

#include "tests/catch.h"
#include "tests/stream/packet_maker.h"

using namespace pado;
using namespace pado::stream;
using raw_iq::PacketStatus;

namespace {

const raw_iq::PacketHeader kHeader{
    .stream_id = 0x01020304, .sequence = 0xfffffffe, .antenna = 1, .sample_time = 0x0102030405060708, .samples = 3};

PacketStatus status_of(const std::vector<std::uint8_t>& datagram, int antennas = 2) {
  IqPacket packet;
  return raw_iq::decode(datagram, antennas, packet);
}

PacketStatus status_with(std::size_t at, std::uint8_t value) {
  auto datagram = tests::make_datagram(kHeader);
  datagram[at] = value;
  return status_of(datagram);
}

}  // namespace

TEST_CASE("raw_iq: what is encoded is decoded", "[raw_iq]") {
  const auto datagram = tests::make_datagram(kHeader);
  IqPacket packet;
  REQUIRE(raw_iq::decode(datagram, 2, packet) == PacketStatus::ok);
  CHECK(packet.stream_id == kHeader.stream_id);
  CHECK(packet.sequence == kHeader.sequence);
  CHECK(packet.antenna == 1);
  CHECK(packet.sample_time == kHeader.sample_time);
  CHECK(packet.samples == 3);
  CHECK(packet.payload.data() == datagram.data() + raw_iq::kHeaderBytes);
  CHECK(packet.payload.size() == 12);
}

TEST_CASE("raw_iq: the bytes are those of the page", "[raw_iq]") {
  const auto datagram = tests::make_datagram(kHeader);
  const std::vector<std::uint8_t> expected{'P', 'A', 'I', 'Q', 1, 1, 3, 0, 0xfe, 0xff, 0xff, 0xff,
                                           4,   3,   2,   1,   8, 7, 6, 5, 4,    3,    2,    1};
  CHECK(std::vector(datagram.begin(), datagram.begin() + 24) == expected);
}

TEST_CASE("raw_iq: each way to be wrong has its own status", "[raw_iq]") {
  auto datagram = tests::make_datagram(kHeader);
  CHECK(status_of({}) == PacketStatus::too_short);
  CHECK(status_of(std::vector(datagram.begin(), datagram.begin() + 23)) == PacketStatus::too_short);
  CHECK(status_with(0, 'p') == PacketStatus::foreign);
  CHECK(status_with(4, 2) == PacketStatus::foreign_version);
  CHECK(status_with(4, 0) == PacketStatus::foreign_version);
  CHECK(status_with(5, 2) == PacketStatus::antenna_out_of_range);
  CHECK(status_with(5, 255) == PacketStatus::antenna_out_of_range);
  CHECK(status_with(6, 0) == PacketStatus::no_samples);
  CHECK(status_with(6, 4) == PacketStatus::truncated);
  CHECK(status_with(6, 2) == PacketStatus::too_long);
  CHECK(status_with(7, 0x40) == PacketStatus::too_many_samples);
  CHECK(status_with(23, 0x80) == PacketStatus::time_out_of_range);
  datagram.push_back(0);
  CHECK(status_of(datagram) == PacketStatus::too_long);
}

TEST_CASE("raw_iq: a sample time may not pass 2^63 inside the packet", "[raw_iq]") {
  raw_iq::PacketHeader header = kHeader;
  header.sample_time = (std::uint64_t{1} << 63) - 4;
  CHECK(status_of(tests::make_datagram(header)) == PacketStatus::ok);
  header.sample_time = (std::uint64_t{1} << 63) - 3;
  CHECK(status_of(tests::make_datagram(header)) == PacketStatus::time_out_of_range);
  header.sample_time = ~std::uint64_t{0};
  CHECK(status_of(tests::make_datagram(header)) == PacketStatus::time_out_of_range);
}

TEST_CASE("raw_iq: the largest packet fits a datagram", "[raw_iq]") {
  raw_iq::PacketHeader header = kHeader;
  header.samples = static_cast<int>(raw_iq::kMaxSamples);
  const auto datagram = tests::make_datagram(header);
  CHECK(datagram.size() <= raw_iq::kMaxDatagramBytes);
  CHECK(status_of(datagram) == PacketStatus::ok);
}

TEST_CASE("raw_iq: every status has a name and a sentence of its own", "[raw_iq]") {
  CHECK(std::set(raw_iq::kPacketStatusNames.begin(), raw_iq::kPacketStatusNames.end()).size() == 10);
  CHECK(std::set(raw_iq::kPacketStatusSentences.begin(), raw_iq::kPacketStatusSentences.end()).size() == 10);
}
