// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "station/messages/connection.h"
#include "station/messages/session.h"
#include "stream/address.h"

namespace pado::station {

/// Connections that did not become a session, by why.
struct LobbyCounters {
  std::int64_t busy = 0;             // the cell had its users, or too many knocked at a time
  std::int64_t silent = 0;           // said nothing in time
  std::int64_t left = 0;             // closed before they had said who they are
  std::int64_t not_ours = 0;         // bytes that are no message
  std::int64_t foreign_version = 0;  // messages of another version
  std::int64_t bad_hello = 0;        // a message, but no right HELLO
  [[nodiscard]] std::int64_t all() const { return busy + silent + left + not_ours + foreign_version + bad_hello; }
};

/// Where users knock: takes connections at all times, hears who they are, and keeps the first one that may come in.
/// Runs in the thread of its io_context whenever that one waits for something.
class Lobby {
 public:
  /// Throws Error where the address cannot be had.
  Lobby(boost::asio::io_context& io, const stream::Address& address, std::chrono::milliseconds patience);
  ~Lobby();
  Lobby(const Lobby&) = delete;
  Lobby& operator=(const Lobby&) = delete;

  struct Guest {
    std::shared_ptr<MessageConnection> connection;
    Hello hello;
  };
  /// Waits for users until the time.
  std::optional<Guest> wait(std::chrono::steady_clock::time_point until);

  /// While it is closed, users are told that the cell is busy.
  void open(bool is_open) { open_ = is_open; }
  [[nodiscard]] const LobbyCounters& counters() const { return counters_; }

 private:
  void accept();
  void accept_later();
  void welcome(boost::asio::ip::tcp::socket socket);
  void hear(const std::shared_ptr<MessageConnection>& connection, Arrival arrival);
  void refuse(MessageConnection& connection, ErrorReason reason, const std::string& text);

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::chrono::milliseconds patience_;
  bool open_ = true;
  int waiting_ = 0;  // connections that have not said who they are
  std::optional<Guest> guest_;
  LobbyCounters counters_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for handlers that outlive the lobby
};

}  // namespace pado::station
