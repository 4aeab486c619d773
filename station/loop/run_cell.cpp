// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/run_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cmath>
#include <memory>
#include <optional>
#include <random>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "scheduler/make_policy.h"
#include "station/loop/lobby.h"
#include "station/loop/sample_port.h"

namespace pado::station {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{100};  // how often a wait looks whether it is to stop
constexpr std::chrono::milliseconds kPatienceAtEnd{1000};
constexpr int kPortTries = 20;

bool stopped(const RunOptions& options) { return options.stop != nullptr && *options.stop; }

void tell(const RunOptions& options, const std::string& text) {
  if (options.on_event) options.on_event(text);
}

std::unique_ptr<scheduler::Policy> policy_of(const RunOptions& options) {
  return scheduler::make_policy(options.cell.scheduler.policy, {}, options.cell.scheduler.policy_file);
}

/// Why users cannot be served, and the answer to that; nothing where they can.
std::optional<SessionError> refusal(const CellConfig& cell, const Hello& hello) {
  const auto text = [](const nr::Carrier& c) {
    return fmt::format("{} PRB at {} kHz, {} FFT points, {} antennas", c.carrier_prb, c.scs_hz / 1000, c.fft_size,
                       c.antennas);
  };
  nr::Carrier ours = cell.carrier;
  ours.phase_compensation_hz = hello.carrier.phase_compensation_hz;
  if (!hello.expects_carrier || hello.carrier == ours) return std::nullopt;
  return SessionError{ErrorReason::cell_disagrees,
                      fmt::format("the cell has {}; the users expect {}", text(ours), text(hello.carrier))};
}

/// One session with one connection of users.
class Session {
 public:
  Session(const RunOptions& options, SamplePort& port, Lobby::Guest& guest, BaseCell& cell)
      : options_(options), port_(port), connection_(*guest.connection), cell_(cell) {}

  /// Until so many slots have been granted, or the users are lost; then what has begun is brought to its end.
  SessionOutcome run(std::int64_t slots) {
    outcome_ = SessionOutcome::complete;
    while (ok()) {
      if (cell_.totals().slots >= slots || stopped(options_)) {
        draining_ = true;
        cell_.drain();
      }
      if (draining_ && cell_.drained()) break;
      run_slot();
    }
    if (ok()) exchange_accounts();
    return outcome_;
  }

  [[nodiscard]] const SessionEnd* users_account() const { return users_ ? &*users_ : nullptr; }
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  [[nodiscard]] std::int64_t gaps() const { return gaps_; }
  [[nodiscard]] std::int64_t missing() const { return missing_; }

 private:
  [[nodiscard]] bool ok() const { return outcome_ == SessionOutcome::complete; }
  void fail(SessionOutcome outcome, const std::string& trouble) {
    outcome_ = outcome;
    trouble_ = trouble;
  }

  // The users work on this slot while the one before it is decoded.
  void run_slot() {
    const SlotRequest& request = cell_.begin_slot();
    const std::int64_t slot = request.slot;
    if (!connection_.send(request)) return fail(SessionOutcome::users_gone, "the connection broke");
    decode_last();
    if (!receive(MessageType::slot_indication, indication_)) return;
    if (indication_.slot != slot) {
      return fail_message(fmt::format("an indication of slot {} came, of {} was due", indication_.slot, slot));
    }
    if (const std::string wrong = cell_.take(indication_); !wrong.empty()) return fail_message(wrong);
    last_ = port_.take(slot, indication_.packets);
    has_last_ = true;
  }

  void decode_last() {
    if (!has_last_) return;
    has_last_ = false;
    if (last_ == nullptr || last_->missing_samples == static_cast<int>(last_->iq().size())) {
      ++missing_;
      cell_.miss();
    } else {
      if (!last_->complete()) ++gaps_;
      SlotSamples samples;
      samples.antennas = static_cast<int>(last_->lost_symbols.size());
      samples.samples = last_->slot_samples;
      samples.scale = static_cast<float>(1 / cell_.info().full_scale);
      samples.ci16_samples = last_->iq();
      samples.lost_symbols = last_->lost_symbols;
      cell_.decode(samples);
    }
    port_.give_back(last_);
  }

  Arrival wait_for_answer() {
    auto until = Clock::now() + options_.answer_patience;
    Arrival arrival = Arrival::none;
    hurries_ = false;
    while (arrival == Arrival::none && Clock::now() < until) {
      if (!hurries_ &&
          stopped(options_)) {  // whoever wants to end does not want to wait long for users that are silent
        hurries_ = true;
        until = std::min(until, Clock::now() + kPatienceAtEnd);
      }
      arrival = connection_.receive(std::min(until, Clock::now() + kGlance));
    }
    return arrival;
  }

  template <class Message>
  bool receive(MessageType type, Message& message) {
    const Arrival arrival = wait_for_answer();
    if (arrival == Arrival::none) {
      const auto waited = hurries_ ? kPatienceAtEnd : options_.answer_patience;
      fail(SessionOutcome::users_silent,
           fmt::format("no answer within {:.1f} s{}", waited.count() / 1e3, hurries_ ? " of the end" : ""));
    } else if (arrival == Arrival::closed) {
      fail(SessionOutcome::users_gone, "the connection broke");
    } else if (arrival == Arrival::wrong) {
      fail_message(connection_.check().text());
    } else if (connection_.header().type == MessageType::error) {
      SessionError error;
      const bool readable = decode(connection_.body(), error).ok();
      fail(SessionOutcome::users_refused, readable ? error.text : "for a reason that cannot be read");
    } else if (connection_.header().type != type) {
      fail_message(MessageCheck{MessageStatus::unexpected_type}.text());
    } else if (const MessageCheck check = decode(connection_.body(), message); !check.ok()) {
      fail_message(check.text());
    }
    return ok();
  }

  void fail_message(const std::string& text) {
    fail(SessionOutcome::bad_message, text);
    connection_.send(SessionError{ErrorReason::bad_message, text});
  }

  void exchange_accounts() {
    if (!connection_.send(cell_.account())) return fail(SessionOutcome::users_gone, "the connection broke");
    SessionEnd users;
    if (!receive(MessageType::end, users)) return;
    if (users.users != cell_.info().users)
      return fail_message(fmt::format("an account of {} users, there are {}", users.users, cell_.info().users));
    users_ = users;
  }

  const RunOptions& options_;
  SamplePort& port_;
  MessageConnection& connection_;
  BaseCell& cell_;
  SlotIndication indication_;
  stream::SlotBuffer* last_ = nullptr;
  bool has_last_ = false, draining_ = false, hurries_ = false;
  SessionOutcome outcome_ = SessionOutcome::complete;
  std::optional<SessionEnd> users_;
  std::string trouble_;
  std::int64_t gaps_ = 0, missing_ = 0;
};

/// The two sockets of a cell, on one port number.
struct Ports {
  std::unique_ptr<SamplePort> samples;
  std::unique_ptr<Lobby> lobby;
};

Ports open_ports(boost::asio::io_context& io, const RunOptions& options) {
  const stream::Address address = stream::parse_address(options.cell.listen, stream::Transport::udp);
  for (int attempt = 1;; ++attempt) {
    Ports ports;
    ports.samples = std::make_unique<SamplePort>(address);
    try {
      ports.lobby = std::make_unique<Lobby>(io, ports.samples->address(), options.hello_patience);
      return ports;
    } catch (const Error&) {  // the port that the system picked for UDP may be taken for TCP
      if (address.port != 0 || attempt == kPortTries) throw;
    }
  }
}

class CellRun {
 public:
  explicit CellRun(const RunOptions& options) : options_(options) {
    summary_.policy = policy_of(options)->name();  // refused here, before anybody waits
    summary_.slot_s = 1e-3 / nr::slots_per_subframe(options.cell.carrier.scs_hz);
    (void)make_cell(1);
    ports_ = open_ports(io_, options);
    slots_ = options.seconds > 0 ? std::llround(options.seconds / summary_.slot_s)
                                 : std::numeric_limits<std::int64_t>::max();
  }

  RunSummary run() {
    if (options_.on_listening) options_.on_listening(ports_.samples->address());
    while (summary_.cell.slots < slots_ && !stopped(options_)) {
      std::optional<Lobby::Guest> guest = ports_.lobby->wait(Clock::now() + kGlance);
      if (!guest) continue;
      if (const auto refused = refusal(options_.cell, guest->hello)) {
        guest->connection->send(*refused);
        guest->connection->close();
        tell(options_, fmt::format("users refused: {}", refused->text));
        continue;
      }
      serve(*guest);
    }
    summary_.samples = ports_.samples->counters();
    summary_.lobby = ports_.lobby->counters();
    return std::move(summary_);
  }

 private:
  std::unique_ptr<BaseCell> make_cell(int users) {
    CellInfo info = cell_info(options_.cell, users, first_slot_);
    info.stream_id = std::random_device{}();
    Hello hello;
    return std::make_unique<BaseCell>(options_.cell, info, hello, policy_of(options_));
  }

  void serve(Lobby::Guest& guest) {
    CellInfo info = cell_info(options_.cell, guest.hello.users, first_slot_);
    info.stream_id = std::random_device{}();
    BaseCell cell(options_.cell, info, guest.hello, policy_of(options_));
    ports_.samples->begin_session(info.carrier, info.stream_id, info.first_slot);
    ports_.lobby->open(false);
    tell(options_, fmt::format("{} user{} from slot {} on", info.users, info.users == 1 ? "" : "s", info.first_slot));
    const auto start = Clock::now();
    guest.connection->send(info);
    Session session(options_, *ports_.samples, guest, cell);
    const SessionOutcome outcome = session.run(slots_ - summary_.cell.slots);
    guest.connection->close();
    summary_.wall_s += std::chrono::duration<double>(Clock::now() - start).count();
    ports_.samples->end_session();
    ports_.lobby->open(true);
    first_slot_ = cell.next_slot();
    summary_.slots_with_gaps += session.gaps();
    summary_.slots_without_samples += session.missing();
    add_session(cell, outcome, session.users_account(), summary_);
    if (outcome == SessionOutcome::complete) return;
    summary_.last_trouble = fmt::format("{}: {}", name(outcome), session.trouble());
    tell(options_, fmt::format("slot {}: {}", cell.next_slot() - 1, summary_.last_trouble));
  }

  const RunOptions& options_;
  boost::asio::io_context io_;
  Ports ports_;
  RunSummary summary_;
  std::int64_t slots_ = 0, first_slot_ = 0;
};

}  // namespace

RunSummary run_cell(const RunOptions& options) { return CellRun(options).run(); }

}  // namespace pado::station
