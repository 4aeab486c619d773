// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/run_cell.h"

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "phy/nr/error.h"
#include "station/messages/connection.h"
#include "station/users/run_users.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace asio = boost::asio;

namespace {

CellConfig small_cell() {
  CellConfig cell;
  cell.listen = "udp://127.0.0.1:0";
  cell.carrier = {.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .phase_compensation_hz = 3.5e9, .antennas = 2};
  return cell;
}

/// A base station in a thread of its own, on a port that the system picks.
class Base {
 public:
  explicit Base(double seconds, const std::string& policy = "pf", int hello_patience_ms = 600) {
    options_.cell = small_cell();
    options_.cell.scheduler.policy = policy;
    options_.seconds = seconds;
    options_.stop = &stop_;
    options_.hello_patience = std::chrono::milliseconds(hello_patience_ms);
    options_.on_listening = [this](const stream::Address& address) { address_.set_value(address); };
    summary_ = std::async(std::launch::async, [this] { return run_cell(options_); });
  }
  ~Base() { stop_ = true; }
  stream::Address address() {
    if (known_.port == 0) known_ = address_.get_future().get();
    return known_;
  }
  UsersOptions users(UsersConfig config = {}) { return {.to = address(), .users = std::move(config)}; }
  void stop() { stop_ = true; }
  RunSummary summary() { return summary_.get(); }

 private:
  RunOptions options_;
  std::atomic<bool> stop_{false};
  std::promise<stream::Address> address_;
  stream::Address known_;
  std::future<RunSummary> summary_;
};

std::vector<std::int64_t> figures(const RunSummary& summary) {
  std::vector<std::int64_t> all;
  for (const UserSummary& user : summary.users) {
    for (const std::int64_t x : {user.account.sent, user.account.delivered, user.account.lost, user.delivered_bytes,
                                 user.totals.first_failed, user.totals.retransmissions, user.totals.mcs_sum})
      all.push_back(x);
    all.push_back(user.latency.percentile(0.5));
    all.push_back(user.latency.percentile(0.99));
  }
  return all;
}

int outcomes(const RunSummary& summary, SessionOutcome outcome) {
  return summary.outcomes[static_cast<std::size_t>(outcome)];
}

/// A peer that does what we want on the TCP port.
struct Peer {
  explicit Peer(const stream::Address& to) { socket.connect({asio::ip::make_address(to.host), to.port}); }
  void send(const std::vector<std::uint8_t>& bytes) { asio::write(socket, asio::buffer(bytes)); }
  /// Until the other end closes.
  std::vector<std::uint8_t> read_all() {
    std::vector<std::uint8_t> bytes(65536);
    boost::system::error_code error;
    bytes.resize(asio::read(socket, asio::buffer(bytes), error));
    return bytes;
  }
  SessionError read_error() {
    const auto bytes = read_all();
    SessionError error;
    if (bytes.size() < kMessageHeaderBytes || !decode(std::span(bytes).subspan(kMessageHeaderBytes), error).ok())
      error.text = "no ERROR came";
    return error;
  }
  asio::io_context io;
  asio::ip::tcp::socket socket{io};
};

template <class Message>
std::vector<std::uint8_t> encoded(const Message& message) {
  std::vector<std::uint8_t> bytes;
  encode(message, bytes);
  return bytes;
}

Hello hello(int users = 1) {
  Hello message;
  message.users = users;
  return message;
}

}  // namespace

TEST_CASE("run: over sockets, both ends agree on every payload under each policy", "[station][run]") {
  for (const char* policy : {"pf", "rr", "maxcqi", "learned"}) {
    INFO(policy);
    Base base(0.15, policy);
    const UsersSummary users = run_users(base.users({.speed_kmh = 30}));
    INFO(users.trouble);
    CHECK(users.all_right());
    const RunSummary summary = base.summary();
    CHECK(summary.all_right());
    CHECK(summary.cell.slots >= 300);
    CHECK(summary.cell.slots == users.slots);
    CHECK(summary.users.size() == 4);
    CHECK(summary.samples.lost == 0);
    CHECK(summary.slots_with_gaps + summary.slots_without_samples == 0);
    for (const UserSummary& user : summary.users) CHECK(user.account.delivered > 0);
  }
}

TEST_CASE("run: the same seed gives the same figures", "[station][run]") {
  const auto run = [](std::uint64_t seed) {
    Base base(0.1);
    CHECK(
        run_users(base.users({.seed = seed, .speed_kmh = 60, .traffic = scheduler::TrafficClass::bursts})).all_right());
    return figures(base.summary());
  };
  const auto first = run(3);
  CHECK(run(3) == first);
  CHECK(run(4) != first);
}

TEST_CASE("run: what lost packets take is sent again", "[station][run]") {
  Base base(0.2);
  auto options = base.users();
  options.lose = 0.02;
  CHECK(run_users(options).all_right());
  const RunSummary summary = base.summary();
  CHECK(summary.all_right());
  CHECK(summary.slots_with_gaps > 3);
  CHECK(summary.samples.lost >= summary.slots_with_gaps);
  std::int64_t retransmissions = 0;
  for (const UserSummary& user : summary.users) retransmissions += user.totals.retransmissions;
  CHECK(retransmissions > 0);
}

TEST_CASE("run: where no packet comes at all, all that were announced are lost", "[station][run]") {
  Base base(0.01);
  auto options = base.users();
  options.lose = 1;
  CHECK(run_users(options).all_right());
  const RunSummary summary = base.summary();
  CHECK(summary.slots_without_samples >= 20);
  CHECK(summary.samples.assembly.packets_received == 0);
  CHECK(summary.samples.lost >= 2 * summary.slots_without_samples);  // an antenna's slot is one packet or more
}

TEST_CASE("run: users that die are a named outcome, and others take their place", "[station][run]") {
  Base base(0.3);
  {
    Peer dying(base.address());
    dying.send(encoded(hello(2)));
    std::vector<std::uint8_t> some(80);  // CONFIG and more
    asio::read(dying.socket, asio::buffer(some));
  }
  CHECK(run_users(base.users()).all_right());
  const RunSummary summary = base.summary();
  CHECK(summary.sessions == 2);
  CHECK(outcomes(summary, SessionOutcome::users_gone) == 1);
  CHECK(outcomes(summary, SessionOutcome::complete) == 1);
  CHECK_FALSE(summary.all_right());
  CHECK_THAT(summary.last_trouble, ContainsSubstring("the users are gone: the connection broke"));
}

TEST_CASE("run: a base station that is gone is a named outcome at the users", "[station][run]") {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
  std::thread base([&] {
    auto socket = acceptor.accept();
    CellInfo info;
    info.carrier = small_cell().carrier;
    info.users = 4;
    SlotRequest request;
    asio::write(socket, asio::buffer(encoded(info)));
    asio::write(socket, asio::buffer(encoded(request)));
    std::vector<std::uint8_t> some(60);
    asio::read(socket, asio::buffer(some));
  });
  const UsersSummary summary = run_users({.to = {.port = acceptor.local_endpoint().port()}});
  base.join();
  CHECK(summary.outcome == UsersOutcome::base_gone);
  CHECK_FALSE(summary.all_right());
}

TEST_CASE("run: users that expect another cell are refused by what differs", "[station][run]") {
  Base base(0.05);
  auto options = base.users();
  options.expects = small_cell().carrier;
  options.expects->carrier_prb = 25;
  const UsersSummary refused = run_users(options);
  CHECK(refused.outcome == UsersOutcome::refused);
  CHECK_THAT(refused.trouble, ContainsSubstring("the cell has 24 PRB at 30 kHz, 512 FFT points, 2 antennas; the users "
                                                "expect 25 PRB"));
  options.expects->carrier_prb = 24;
  options.expects->phase_compensation_hz = 0;  // no part of what they may disagree on
  CHECK(run_users(options).all_right());
  CHECK(base.summary().all_right());
}

TEST_CASE("run: whoever is no Pado, of another version, silent or late is turned away by name", "[station][run]") {
  Base base(0.05);
  const auto address = base.address();
  Peer garbage(address), foreign(address), wrong_type(address), bad_hello(address), silent(address);
  garbage.send({'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1'});
  CHECK_THAT(garbage.read_error().text, ContainsSubstring("is not one of Pado's messages"));
  auto newer = encoded(hello());
  newer[4] = 9;
  foreign.send(newer);
  CHECK_THAT(foreign.read_error().text, ContainsSubstring("another version"));
  wrong_type.send(encoded(SlotIndication{.rbgs = 1}));
  CHECK_THAT(wrong_type.read_error().text, ContainsSubstring("of another type than was due: HELLO"));
  auto none = encoded(hello());
  none[12] = 0;
  bad_hello.send(none);
  CHECK_THAT(bad_hello.read_error().text, ContainsSubstring("a value that the field cannot have: users"));
  CHECK(silent.read_all().empty());  // closed when it said nothing for too long
  Peer first(address);
  first.send(encoded(hello()));
  std::vector<std::uint8_t> config(kMessageHeaderBytes);
  asio::read(first.socket, asio::buffer(config));
  Peer second(address);
  second.send(encoded(hello()));
  CHECK(second.read_error().reason == ErrorReason::cell_busy);
  first.socket.close();
  CHECK(run_users(base.users()).all_right());  // nothing of this has done harm
  const LobbyCounters lobby = base.summary().lobby;
  CHECK(lobby.not_ours == 1);
  CHECK(lobby.foreign_version == 1);
  CHECK(lobby.bad_hello == 2);
  CHECK(lobby.silent == 1);
  CHECK(lobby.busy == 1);
}

TEST_CASE("run: a crowd that says nothing keeps nobody out for long", "[station][run]") {
  Base base(0.05);
  std::vector<std::unique_ptr<Peer>> crowd;
  for (int i = 0; i < 40; ++i) crowd.push_back(std::make_unique<Peer>(base.address()));
  CHECK(crowd.back()->read_error().reason == ErrorReason::cell_busy);
  CHECK(crowd.front()->read_all().empty());  // its patience is over
  CHECK(run_users(base.users()).all_right());
  const LobbyCounters lobby = base.summary().lobby;
  CHECK(lobby.silent + lobby.busy == 40);
  CHECK(lobby.busy > 0);
}

TEST_CASE("run: datagrams that are none of the session's are counted and do no harm", "[station][run]") {
  Base base(0.2);
  const auto address = base.address();
  asio::io_context io;
  asio::ip::udp::socket socket(io);
  socket.connect({asio::ip::make_address(address.host), address.port});
  const auto shout = [&] {
    const std::vector<std::uint8_t> text{'h', 'e', 'l', 'l', 'o'}, longer(400, 0xa5);
    std::vector<std::uint8_t> packet(stream::raw_iq::kHeaderBytes + 40);
    stream::raw_iq::encode({.stream_id = 1, .antenna = 1, .sample_time = 99, .samples = 10},
                           std::span(packet).first<stream::raw_iq::kHeaderBytes>());
    for (const auto& bytes : {text, longer, packet}) socket.send(asio::buffer(bytes));
  };
  shout();
  auto users = std::async(std::launch::async, [&] { return run_users(base.users()); });
  for (int i = 0; i < 20; ++i) shout();
  CHECK(users.get().all_right());
  const RunSummary summary = base.summary();
  CHECK(summary.all_right());
  CHECK(summary.samples.other_session > 0);
  CHECK(summary.samples.rejected[static_cast<std::size_t>(stream::raw_iq::PacketStatus::too_short)] > 0);
  CHECK(summary.samples.rejected[static_cast<std::size_t>(stream::raw_iq::PacketStatus::foreign)] > 0);
}

TEST_CASE("run: nonsense in the middle of a session ends it by name", "[station][run]") {
  const auto trouble = [](const std::vector<std::uint8_t>& answer) {
    Base base(1);
    Peer peer(base.address());
    peer.send(encoded(hello()));
    std::vector<std::uint8_t> config(kMessageHeaderBytes + 20);
    asio::read(peer.socket, asio::buffer(config));
    peer.send(answer);
    peer.read_all();
    base.stop();
    const RunSummary summary = base.summary();
    CHECK(summary.sessions == 1);
    return summary.last_trouble;
  };
  CHECK(trouble(encoded(SlotIndication{.slot = 5, .rbgs = 6})) ==
        "the users sent nonsense: an indication of slot 5 came, of 0 was due");
  CHECK(trouble(encoded(SlotIndication{.slot = 0, .rbgs = 7})) ==
        "the users sent nonsense: CQI of 7 RBGs came, the cell has 6");
  CHECK(trouble(encoded(hello())) == "the users sent nonsense: message is of another type than was due");
  CHECK(trouble(encoded(SessionError{ErrorReason::ended, "enough"})) == "the users broke off: enough");
  CHECK(trouble(std::vector<std::uint8_t>(12, 'x')) ==
        "the users sent nonsense: message is not one of Pado's messages");
}

TEST_CASE("run: a port that is taken, a foreign address and a policy that cannot be are refused", "[station][run]") {
  RunOptions options;
  options.cell = small_cell();
  options.seconds = 0.01;
  asio::io_context io;
  asio::ip::udp::socket taken(io, {asio::ip::make_address("127.0.0.1"), 0});
  options.cell.listen = "udp://127.0.0.1:" + std::to_string(taken.local_endpoint().port());
  CHECK_THROWS_AS(run_cell(options), Error);
  asio::ip::tcp::acceptor taken_tcp(io, {asio::ip::make_address("127.0.0.1"), 0});
  options.cell.listen = "udp://127.0.0.1:" + std::to_string(taken_tcp.local_endpoint().port());
  CHECK_THROWS_WITH(run_cell(options), ContainsSubstring("tcp://127.0.0.1:"));
  options.cell.listen = "udp://192.0.2.1:5555";
  CHECK_THROWS_WITH(run_cell(options), ContainsSubstring("192.0.2.1"));
  options.cell = small_cell();
  options.cell.scheduler.policy = "best";
  CHECK_THROWS_WITH(run_cell(options), ContainsSubstring("best"));
}

TEST_CASE("run: users say for what they wait, and give up", "[station][run]") {
  asio::io_context io;
  asio::ip::tcp::acceptor closed(io, {asio::ip::make_address("127.0.0.1"), 0});
  const auto port = closed.local_endpoint().port();
  closed.close();
  std::string told;
  UsersOptions options{.to = {.port = port}, .wait_s = 0.5};
  options.on_event = [&](const std::string& text) { told = text; };
  CHECK_THROWS_WITH(run_users(options), ContainsSubstring("no base station answered within"));
  CHECK_THAT(told, ContainsSubstring("waiting up to"));
}

TEST_CASE("run: asked to stop, it brings what has begun to its end", "[station][run]") {
  Base base(0);
  const auto options = base.users();
  auto users = std::async(std::launch::async, [&] { return run_users(options); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  base.stop();
  CHECK(users.get().all_right());
  CHECK(base.summary().all_right());
}

TEST_CASE("run: asked to stop while the users are silent, it does not wait out its patience", "[station][run]") {
  Base base(0);
  Peer silent(base.address());
  silent.send(encoded(hello()));
  std::vector<std::uint8_t> config(kMessageHeaderBytes);
  asio::read(silent.socket, asio::buffer(config));
  base.stop();
  const RunSummary summary = base.summary();
  CHECK(outcomes(summary, SessionOutcome::users_silent) == 1);
  CHECK(summary.last_trouble == "the users do not answer: no answer within 1.0 s of the end");
}

TEST_CASE("run: users that find a crowd waiting are told so, and a run without users has checked nothing",
          "[station][run]") {
  Base base(0.05, "pf", 20000);
  std::vector<std::unique_ptr<Peer>> crowd;
  for (int i = 0; i < 16; ++i) crowd.push_back(std::make_unique<Peer>(base.address()));
  const UsersSummary refused = run_users(base.users());
  CHECK(refused.outcome == UsersOutcome::refused);
  CHECK_THAT(refused.trouble, ContainsSubstring("too many connections wait to be heard"));
  base.stop();
  const RunSummary summary = base.summary();
  CHECK(summary.sessions == 0);
  CHECK_FALSE(summary.all_right());
}
