// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/raw_iq/sender.h"

#include <atomic>
#include <cstring>
#include <thread>

#include "phy/nr/error.h"
#include "stream/raw_iq/packet.h"
#include "stream/udp_receiver.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::stream;

namespace {

const Address kAnyPort{.transport = Transport::udp, .host = "127.0.0.1", .port = 0};

/// Two pieces (slots) of two antennas: 100 samples, of which a packet of 124 bytes takes 25.
PlayedSamples two_pieces() {
  PlayedSamples played;
  played.antennas = 2;
  played.sample_rate_hz = 1e6;
  played.count = 100;
  played.piece = 50;
  for (int i = 0; i < 200; ++i) played.samples.push_back({static_cast<std::int16_t>(i), static_cast<std::int16_t>(-i)});
  return played;
}

/// What came, as headers and samples.
struct Received {
  std::vector<IqPacket> packets;
  std::vector<std::vector<ci16>> samples;
};

Received all_of(UdpReceiver& receiver) {
  Received received;
  for (auto batch = receiver.take(); !batch.empty(); batch = receiver.take()) {
    for (const auto datagram : batch) {
      IqPacket packet;
      REQUIRE(raw_iq::decode(datagram, 2, packet) == raw_iq::PacketStatus::ok);
      received.samples.emplace_back(static_cast<std::size_t>(packet.samples));
      std::memcpy(received.samples.back().data(), packet.payload.data(), packet.payload.size());
      received.packets.push_back(packet);
    }
  }
  return received;
}

}  // namespace

TEST_CASE("sender: numbers and sample time run on over the loops, antennas take turns", "[raw_iq]") {
  boost::asio::io_context io;
  UdpReceiver receiver(io, kAnyPort);
  const PlayedSamples played = two_pieces();
  const auto counters =
      raw_iq::send(played, {.to = receiver.address(), .loops = 3, .datagram_bytes = 124, .stream_id = 42});
  CHECK(counters.packets == 24);
  CHECK(counters.samples == 300);
  CHECK(counters.loops == 3);
  CHECK(counters.bytes == 24 * 124);
  CHECK(counters.packets_refused == 0);
  const Received received = all_of(receiver);
  REQUIRE(received.packets.size() == 24);
  for (std::size_t i = 0; i < 24; ++i) {
    const IqPacket& packet = received.packets[i];
    CHECK(packet.stream_id == 42);
    CHECK(packet.antenna == static_cast<int>(i % 2));
    CHECK(packet.sequence == i / 2);
    CHECK(packet.sample_time == 25 * (i / 2));
    CHECK(packet.samples == 25);
    const auto first = static_cast<std::ptrdiff_t>(100 * (i % 2) + 25 * (i / 2) % 100);
    CHECK(std::equal(received.samples[i].begin(), received.samples[i].end(), played.samples.begin() + first));
  }
}

TEST_CASE("sender: no packet reaches over the end of a slot, and none is larger than asked", "[raw_iq]") {
  boost::asio::io_context io;
  UdpReceiver receiver(io, kAnyPort);
  (void)raw_iq::send(two_pieces(), {.to = receiver.address(), .datagram_bytes = 24 + 4 * 30});
  for (const IqPacket& packet : all_of(receiver).packets) {
    CHECK(packet.samples == 25);  // two equal halves rather than 30 and 20
    CHECK(packet.sample_time / 50 == (packet.sample_time + 24) / 50);
  }
}

TEST_CASE("sender: loops without end until it is stopped", "[raw_iq]") {
  boost::asio::io_context io;
  UdpReceiver receiver(io, kAnyPort);
  std::atomic<bool> stop{false};
  raw_iq::SendCounters counters;
  std::thread sender(
      [&] { counters = raw_iq::send(two_pieces(), {.to = receiver.address(), .loops = 0, .stop = &stop}); });
  while (receiver.take().empty()) std::this_thread::yield();
  stop = true;
  sender.join();
  CHECK(counters.packets > 0);
}

TEST_CASE("sender: when it is stopped it sends the slot to its end", "[raw_iq]") {
  boost::asio::io_context io;
  UdpReceiver receiver(io, kAnyPort);
  PlayedSamples played = two_pieces();
  played.sample_rate_hz = 1e5;  // a burst is half a slot
  for (int round = 0; round < 16; ++round) {
    std::atomic<bool> stop{false};
    raw_iq::SendCounters counters;
    const raw_iq::SendOptions options{.to = receiver.address(), .loops = 0, .datagram_bytes = 124, .stop = &stop};
    std::thread sender([&] { counters = raw_iq::send(played, options); });
    for (int seen = 0; seen <= round;) seen += static_cast<int>(receiver.take().size());
    stop = true;
    sender.join();
    CHECK(counters.samples % played.piece == 0);
    while (!receiver.take().empty()) {
    }
  }
}

TEST_CASE("sender: that nobody listens is counted and ends nothing", "[raw_iq]") {
  Address closed;
  {
    boost::asio::io_context io;
    closed = UdpReceiver(io, kAnyPort).address();
  }
  const auto counters = raw_iq::send(two_pieces(), {.to = closed, .loops = 5, .datagram_bytes = 124});
  CHECK(counters.packets == 40);
  CHECK(counters.packets_refused > 0);
  CHECK_THROWS_AS(raw_iq::send(two_pieces(), {.to = kAnyPort}), Error);
}

TEST_CASE("receiver: a busy port and a foreign address are refused", "[raw_iq]") {
  boost::asio::io_context io;
  const UdpReceiver first(io, kAnyPort);
  CHECK(first.address().port != 0);
  CHECK(first.buffer_bytes() > 0);
  CHECK_THROWS_WITH(UdpReceiver(io, first.address()), ContainsSubstring("busy"));
  CHECK_THROWS_WITH(UdpReceiver(io, Address{.host = "192.0.2.1"}), ContainsSubstring("not an address of this machine"));
}
