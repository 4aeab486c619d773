// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace pado::station {

namespace asio = boost::asio;
using boost::system::error_code;

MessageConnection::MessageConnection(asio::io_context& io, asio::ip::tcp::socket socket)
    : io_(io), socket_(std::move(socket)) {
  body_.reserve(kMessageBodyLimit);
  out_.reserve(kMessageBodyLimit + kMessageHeaderBytes);
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Arrival MessageConnection::receive(std::chrono::steady_clock::time_point until) {
  if (!reading_) {
    on_arrival_ = nullptr;
    read_header();
  }
  io_.restart();
  while (arrival_ == Arrival::none && io_.run_one_until(until) > 0) {
  }
  return arrival_;
}

void MessageConnection::receive_later(std::function<void(Arrival)> on_arrival) {
  on_arrival_ = std::move(on_arrival);
  if (!reading_) read_header();
}

void MessageConnection::read_header() {
  reading_ = true;
  arrival_ = Arrival::none;
  asio::async_read(socket_, asio::buffer(head_), [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->arrived(Arrival::closed);
    self->check_ = decode_header(self->head_, self->header_);
    if (!self->check_.ok()) return self->arrived(Arrival::wrong);
    self->read_body();
  });
}

void MessageConnection::read_body() {
  body_.resize(header_.body_bytes);
  asio::async_read(socket_, asio::buffer(body_), [self = shared_from_this()](error_code error, std::size_t) {
    self->arrived(error ? Arrival::closed : Arrival::message);
  });
}

void MessageConnection::arrived(Arrival what) {
  reading_ = false;
  arrival_ = what;
  if (on_arrival_) std::exchange(on_arrival_, nullptr)(what);
}

bool MessageConnection::send_bytes() {
  error_code error;
  asio::write(socket_, asio::buffer(out_), error);
  return !error;
}

void MessageConnection::close() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace pado::station
