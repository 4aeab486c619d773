// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <memory>
#include <span>

#include "stream/address.h"

namespace pado::stream {

/// A UDP socket that is read many datagrams at a time. Memory is laid out at construction.
class UdpReceiver {
 public:
  /// Listens at the address. Throws Error where it is busy, not this machine's, or not allowed.
  UdpReceiver(boost::asio::io_context& io, const Address& address);
  ~UdpReceiver();
  UdpReceiver(const UdpReceiver&) = delete;
  UdpReceiver& operator=(const UdpReceiver&) = delete;

  /// Where it listens, with the port that the system picked for 0.
  [[nodiscard]] const Address& address() const { return address_; }
  /// To wait for datagrams.
  [[nodiscard]] boost::asio::ip::udp::socket& socket() { return socket_; }

  /// What has come, at most a batch, without waiting; it stays until the next call. Empty: nothing is there.
  [[nodiscard]] std::span<const std::span<const std::uint8_t>> take() noexcept;
  /// When each datagram of the last take came to this machine, on the steady clock: how long it waited in the socket is
  /// taken off the time of the take. That time itself where the system gave no time.
  [[nodiscard]] std::span<const std::int64_t> arrivals_ns() const noexcept;

  /// Datagrams that the system threw away because this program was too slow to fetch them; -1: it does not say.
  [[nodiscard]] std::int64_t dropped() noexcept;
  /// Room that the system has for datagrams which wait to be fetched.
  [[nodiscard]] int buffer_bytes() const { return buffer_bytes_; }

 private:
  struct Batch;

  boost::asio::ip::udp::socket socket_;
  Address address_;
  int buffer_bytes_ = 0;
  std::unique_ptr<Batch> batch_;
};

}  // namespace pado::stream
