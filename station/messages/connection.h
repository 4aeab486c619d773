// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "station/messages/header.h"

namespace pado::station {

/// What came of waiting for a message.
enum class Arrival : std::uint8_t {
  none,     // nothing yet
  message,  // a whole one, whose header is right
  wrong,    // bytes that are no message: see check()
  closed,   // by the peer, or by what lies between
};

/// Messages over one TCP connection. All of it runs in the io_context's thread; waiting for one connection lets the
/// handlers of the others run. Owned by a shared_ptr, which its handlers share.
class MessageConnection : public std::enable_shared_from_this<MessageConnection> {
 public:
  MessageConnection(boost::asio::io_context& io, boost::asio::ip::tcp::socket socket);

  /// Waits for the next message until the time. on_arrival, where given, is called instead when it has come.
  Arrival receive(std::chrono::steady_clock::time_point until);
  void receive_later(std::function<void(Arrival)> on_arrival);

  /// Of the message that came last; valid until the next receive.
  [[nodiscard]] const MessageHeader& header() const { return header_; }
  [[nodiscard]] std::span<const std::uint8_t> body() const { return body_; }
  [[nodiscard]] MessageCheck check() const { return check_; }

  /// Whether the message went out. One that the peer does not take at once is not waited for.
  template <class Message>
  bool send(const Message& message) {
    encode(message, out_);
    return send_bytes();
  }

  void close();

 private:
  void read_header();
  void read_body();
  void arrived(Arrival what);
  bool send_bytes();

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::socket socket_;
  std::array<std::uint8_t, kMessageHeaderBytes> head_{};
  MessageHeader header_;
  MessageCheck check_;
  std::vector<std::uint8_t> body_, out_;
  Arrival arrival_ = Arrival::none;
  bool reading_ = false;
  std::function<void(Arrival)> on_arrival_;
};

}  // namespace pado::station
