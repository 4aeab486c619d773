// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/udp_receiver.h"

#include "tests/catch.h"
#include "tests/stream/time_stamps.h"

using namespace pado::stream;

TEST_CASE("receiver: a datagram arrives when the system has it, not when it is fetched", "[receiver]") {
  boost::asio::io_context io;
  UdpReceiver receiver(io, {.transport = Transport::udp, .host = "127.0.0.1", .port = 0});
  REQUIRE(pado::tests::stamps_datagrams(io, receiver));
  boost::asio::ip::udp::socket sender(io, boost::asio::ip::udp::v4());
  const boost::asio::ip::udp::endpoint to(boost::asio::ip::make_address("127.0.0.1"), receiver.address().port);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3; ++i) sender.send_to(boost::asio::buffer("12345"), to);
    const std::int64_t sent_ns = pado::tests::steady_ns();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    REQUIRE(receiver.take().size() == 3);
    const auto arrivals = receiver.arrivals_ns();
    REQUIRE(arrivals.size() == 3);
    for (const std::int64_t arrival : arrivals) CHECK(arrival < sent_ns + 10'000'000);
    CHECK(arrivals[0] <= arrivals[2]);
  }
  CHECK(receiver.take().empty());
  CHECK(receiver.arrivals_ns().empty());
}
