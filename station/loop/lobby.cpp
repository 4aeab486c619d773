// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/lobby.h"

#include <boost/asio/ip/address.hpp>
#include <utility>

namespace pado::station {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int kMostWaiting = 16;  // for their HELLO, at a time
constexpr std::chrono::milliseconds kPause{100};

}  // namespace

Lobby::Lobby(asio::io_context& io, const stream::Address& address, std::chrono::milliseconds patience)
    : io_(io), acceptor_(io), pause_(io), patience_(patience) {
  const tcp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  stream::Address as_tcp = address;
  as_tcp.transport = stream::Transport::tcp;
  if (error) stream::throw_cannot_listen(as_tcp, error);
  accept();
}

Lobby::~Lobby() { *alive_ = false; }

void Lobby::accept() {
  acceptor_.async_accept([this, alive = alive_](error_code error, tcp::socket socket) {
    if (!*alive || error == asio::error::operation_aborted) return;
    if (error) return accept_later();
    if (waiting_ < kMostWaiting) {
      welcome(std::move(socket));
    } else {
      ++counters_.busy;
      const auto connection = std::make_shared<MessageConnection>(io_, std::move(socket));
      refuse(*connection, ErrorReason::cell_busy, "too many connections wait to be heard; try again in some seconds");
    }
    accept();
  });
}

// The system has no descriptors left, say: asking again at once would only keep a core busy.
void Lobby::accept_later() {
  pause_.expires_after(kPause);
  pause_.async_wait([this, alive = alive_](error_code error) {
    if (*alive && !error) accept();
  });
}

void Lobby::welcome(tcp::socket socket) {
  const auto connection = std::make_shared<MessageConnection>(io_, std::move(socket));
  const auto timer = std::make_shared<asio::steady_timer>(io_, patience_);
  const auto timed_out = std::make_shared<bool>(false);
  ++waiting_;
  timer->async_wait([connection, timer, timed_out](error_code error) {
    if (error) return;  // it spoke in time
    *timed_out = true;
    connection->close();
  });
  connection->receive_later([this, alive = alive_, connection, timer, timed_out](Arrival arrival) {
    timer->cancel();
    if (!*alive) return;
    --waiting_;
    if (*timed_out) {
      ++counters_.silent;
    } else {
      hear(connection, arrival);
    }
  });
}

void Lobby::hear(const std::shared_ptr<MessageConnection>& connection, Arrival arrival) {
  if (arrival == Arrival::closed) {
    ++counters_.left;
    return;
  }
  MessageCheck check = connection->check();
  Hello hello;
  if (arrival == Arrival::message) {
    check = connection->header().type == MessageType::hello ? decode(connection->body(), hello)
                                                            : MessageCheck{MessageStatus::unexpected_type, "HELLO"};
    if (!check.ok()) ++counters_.bad_hello;
  } else if (check.status == MessageStatus::foreign_version) {
    ++counters_.foreign_version;
  } else {
    ++counters_.not_ours;
  }
  if (!check.ok()) return refuse(*connection, ErrorReason::bad_message, check.text());
  if (!open_ || guest_) {
    ++counters_.busy;
    return refuse(*connection, ErrorReason::cell_busy, "the cell has its users already");
  }
  guest_ = Guest{connection, hello};
}

void Lobby::refuse(MessageConnection& connection, ErrorReason reason, const std::string& text) {
  connection.send(SessionError{reason, text});
  connection.close();
}

std::optional<Lobby::Guest> Lobby::wait(std::chrono::steady_clock::time_point until) {
  io_.restart();
  while (!guest_ && io_.run_one_until(until) > 0) {
  }
  return std::exchange(guest_, std::nullopt);
}

}  // namespace pado::station
