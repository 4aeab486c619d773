// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

#include "stream/udp_receiver.h"

namespace pado::tests {

inline std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// A system begins to stamp datagrams a while after the first socket asks for it. True once it does, which lasts as
/// long as the receiver.
inline bool stamps_datagrams(boost::asio::io_context& io, stream::UdpReceiver& receiver) {
  boost::asio::ip::udp::socket sender(io, boost::asio::ip::udp::v4());
  for (int i = 0; i < 200; ++i) {
    sender.send_to(boost::asio::buffer("12345"), {boost::asio::ip::make_address("127.0.0.1"), receiver.address().port});
    const std::int64_t sent_ns = steady_ns();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (receiver.take().size() == 1 && receiver.arrivals_ns()[0] < sent_ns + 10'000'000) return true;
  }
  return false;
}

}  // namespace pado::tests
