// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/run_users.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "phy/nr/error.h"
#include "station/messages/connection.h"
#include "station/messages/slot_indication.h"
#include "station/messages/slot_request.h"
#include "station/users/sample_sender.h"
#include "station/users/users_cell.h"
#include "stream/assembly/slot_grid.h"

namespace pado::station {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{100};
constexpr std::chrono::milliseconds kRetry{100};

bool stopped(const UsersOptions& options) { return options.stop != nullptr && *options.stop; }

void tell(const UsersOptions& options, const std::string& text) {
  if (options.on_event) options.on_event(text);
}

std::string text(const stream::Address& address) {
  return fmt::format("{}:{}", address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]",
                     address.port);
}

// Tries again and again until the base station is there.
std::shared_ptr<MessageConnection> connect(asio::io_context& io, const UsersOptions& options) {
  const auto start = Clock::now();
  const auto until = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.wait_s));
  bool told = false;
  for (;;) {
    tcp::socket socket(io);
    error_code error;
    socket.connect(tcp::endpoint(asio::ip::make_address(options.to.host), options.to.port), error);
    if (!error) return std::make_shared<MessageConnection>(io, std::move(socket));
    if (Clock::now() >= until || stopped(options)) {
      throw Error(fmt::format("{}: no base station answered within {:.0f} s ({}); start one with `pado run`",
                              text(options.to), options.wait_s, error.message()));
    }
    if (!told && Clock::now() > start + 2 * kRetry) {
      tell(options, fmt::format("waiting up to {:.0f} s for a base station at {}", options.wait_s, text(options.to)));
      told = true;
    }
    std::this_thread::sleep_for(kRetry);
  }
}

Hello hello_of(const UsersOptions& options) {
  Hello hello;
  hello.users = options.users.users;
  hello.traffic.fill(options.users.traffic);
  hello.payload_seed = options.users.seed;
  hello.expects_carrier = options.expects.has_value();
  if (options.expects) hello.carrier = *options.expects;
  return hello;
}

// Sample time at which the slot begins.
std::uint64_t slot_start(const nr::Carrier& carrier, std::int64_t slot) {
  const stream::SlotGrid grid(carrier, 0);
  std::uint64_t time = 0;
  const int slots = nr::slots_per_subframe(carrier.scs_hz);
  for (int i = 0; i < slots; ++i) {
    const std::int64_t whole = slot / slots + (i < slot % slots ? 1 : 0);
    time += static_cast<std::uint64_t>(whole) * static_cast<std::uint64_t>(grid.timing(i).samples);
  }
  return time;
}

class UsersSession {
 public:
  UsersSession(const UsersOptions& options, asio::io_context& io)
      : options_(options), connection_(connect(io, options)) {}

  UsersSummary run() {
    connection_->send(hello_of(options_));  // where it cannot be sent, there may be an ERROR to read
    if (receive_config()) serve();
    connection_->close();
    return summary_;
  }

 private:
  [[nodiscard]] bool ok() const { return summary_.outcome == UsersOutcome::complete; }
  bool fail(UsersOutcome outcome, const std::string& trouble) {
    summary_.outcome = outcome;
    summary_.trouble = trouble;
    return false;
  }
  bool fail_message(const std::string& trouble) {
    connection_->send(SessionError{ErrorReason::bad_message, trouble});
    return fail(UsersOutcome::bad_message, trouble);
  }

  // The next message, whatever its type; an ERROR ends the session.
  bool receive() {
    const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                          std::chrono::duration<double>(options_.answer_patience_s));
    Arrival arrival = Arrival::none;
    while (arrival == Arrival::none && Clock::now() < until) {
      if (stopped(options_)) {
        connection_->send(SessionError{ErrorReason::ended, "the users' program was ended"});
        return fail(UsersOutcome::stopped, "ended by a signal");
      }
      arrival = connection_->receive(std::min(until, Clock::now() + kGlance));
    }
    if (arrival == Arrival::none)
      return fail(UsersOutcome::base_silent, fmt::format("no message within {:.0f} s", options_.answer_patience_s));
    if (arrival == Arrival::closed) return fail(UsersOutcome::base_gone, "the connection broke");
    if (arrival == Arrival::wrong) return fail_message(connection_->check().text());
    if (connection_->header().type != MessageType::error) return true;
    SessionError error;
    const bool readable = decode(connection_->body(), error).ok();
    return fail(UsersOutcome::refused, readable ? error.text : "for a reason that cannot be read");
  }

  template <class Message>
  bool read(Message& message) {
    const MessageCheck check = decode(connection_->body(), message);
    return check.ok() || fail_message(check.text());
  }

  bool receive_config() {
    if (!receive()) return false;
    if (connection_->header().type != MessageType::config)
      return fail_message(MessageCheck{MessageStatus::unexpected_type, "CONFIG"}.text());
    if (!read(summary_.cell)) return false;
    if (summary_.cell.users != options_.users.users) {
      return fail_message(fmt::format("the cell serves {} users, not {}", summary_.cell.users, options_.users.users));
    }
    tell(options_, fmt::format("{} users in a cell of {} PRB at {} kHz with {} antennas", summary_.cell.users,
                               summary_.cell.carrier.carrier_prb, summary_.cell.carrier.scs_hz / 1000,
                               summary_.cell.carrier.antennas));
    return true;
  }

  void serve() {
    const CellInfo& cell = summary_.cell;
    UsersCell users(cell, options_.users);
    SampleSender sender(options_.to, cell.carrier.antennas, cell.stream_id, slot_start(cell.carrier, cell.first_slot),
                        options_.lose, options_.users.seed);
    while (receive()) {
      summary_.bursts_turned_away = users.bursts_turned_away();
      if (connection_->header().type == MessageType::end) {
        end(users);
        return;
      }
      if (connection_->header().type != MessageType::slot_request) {
        fail_message(MessageCheck{MessageStatus::unexpected_type, "SLOT.request"}.text());
        break;
      }
      if (!read(request_) || !run_slot(users, sender)) break;
      ++summary_.slots;
    }
    summary_.account = users.account();
  }

  bool run_slot(UsersCell& users, SampleSender& sender) {
    if (const auto wrong = users.run_slot(request_, indication_)) {
      connection_->send(*wrong);
      return fail(UsersOutcome::bad_message, wrong->text);
    }
    indication_.packets = sender.send(users.samples());
    return connection_->send(indication_) || fail(UsersOutcome::base_gone, "the connection broke");
  }

  void end(const UsersCell& users) {
    summary_.account = users.account();
    SessionEnd base;
    if (!read(base)) return;
    summary_.base_account = base;
    if (!connection_->send(summary_.account)) fail(UsersOutcome::base_gone, "the connection broke");
  }

  const UsersOptions& options_;
  std::shared_ptr<MessageConnection> connection_;
  UsersSummary summary_;
  SlotRequest request_;
  SlotIndication indication_;
};

}  // namespace

bool UsersSummary::all_right() const {
  if (outcome != UsersOutcome::complete || !base_account || base_account->users != account.users) return false;
  for (int user = 0; user < account.users; ++user) {
    const UserAccount &ours = account.accounts[user], &base = base_account->accounts[user];
    if (ours.sent != base.sent || ours.delivered != base.delivered || ours.lost != base.lost) return false;
    if (base.sent != base.delivered + base.lost || base.corrupt + base.duplicate + base.out_of_order > 0) return false;
  }
  return true;
}

UsersSummary run_users(const UsersOptions& options) {
  validate(options.users);
  asio::io_context io;
  return UsersSession(options, io).run();
}

}  // namespace pado::station
