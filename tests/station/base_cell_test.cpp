// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/base_cell.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/make_policy.h"
#include "station/users/users_cell.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace {

CellConfig small_cell() {
  CellConfig cell;
  cell.carrier = {.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .phase_compensation_hz = 3.5e9, .antennas = 2};
  return cell;
}

/// Base station and users in one thread, without sockets, in the order of the slots that the sockets keep.
struct Loop {
  explicit Loop(const UsersConfig& config, const std::string& policy = "pf", CellConfig cell = small_cell())
      : hello(hello_of(config)),
        base(cell, cell_info(cell, config.users, 3), hello, scheduler::make_policy(policy)),
        users(base.info(), config) {}

  static Hello hello_of(const UsersConfig& config) {
    Hello hello;
    hello.users = config.users;
    hello.traffic.fill(config.traffic);
    hello.payload_seed = config.seed;
    return hello;
  }

  void decode_last() {
    if (last.empty()) return;
    if (loses && loses(base.next_slot() - 2)) {
      base.miss();
      return;
    }
    SlotSamples samples;
    samples.antennas = base.info().carrier.antennas;
    samples.samples = static_cast<int>(last.size()) / samples.antennas;
    samples.scale = static_cast<float>(1 / base.info().full_scale);
    samples.ci16_samples = last;
    base.decode(samples);
  }

  void run_slot() {
    const SlotRequest request = base.begin_slot();
    decode_last();
    SlotIndication indication;
    const auto wrong = users.run_slot(request, indication);
    REQUIRE_FALSE(wrong.has_value());
    last.assign(users.samples().begin(), users.samples().end());
    REQUIRE(base.take(indication).empty());
  }

  void run(int slots) {
    for (int i = 0; i < slots; ++i) run_slot();
    base.drain();
    for (int i = 0; i < 100; ++i) run_slot();
    decode_last();
    last.clear();
  }

  Hello hello;
  BaseCell base;
  UsersCell users;
  std::vector<ci16> last;
  std::function<bool(std::int64_t)> loses;  // which slots' samples are lost
};

// Both ends agree, everything has had its end, and nothing went wrong.
void check_accounts(const Loop& loop) {
  const SessionEnd base = loop.base.account(), users = loop.users.account();
  REQUIRE(base.users == users.users);
  for (int user = 0; user < base.users; ++user) {
    INFO("user " << user);
    const UserAccount &b = base.accounts[user], &u = users.accounts[user];
    CHECK(b.sent > 0);
    CHECK(b.sent == u.sent);
    CHECK(b.delivered == u.delivered);
    CHECK(b.lost == u.lost);
    CHECK(b.sent == b.delivered + b.lost);
    CHECK(b.corrupt + b.duplicate + b.out_of_order == 0);
  }
}

}  // namespace

TEST_CASE("closed loop: under each policy every payload is delivered once and in order, or reported lost",
          "[station][loop]") {
  for (const char* policy : {"pf", "rr", "maxcqi", "learned"}) {
    Loop loop({.speed_kmh = 30}, policy);
    loop.run(200);
    INFO(policy);
    check_accounts(loop);
    std::int64_t retransmissions = 0;
    for (const UserTotals& user : loop.base.user_totals()) retransmissions += user.retransmissions;
    CHECK(retransmissions > 0);
    CHECK(loop.base.scheduler().counters().fallbacks == 0);
  }
}

TEST_CASE("closed loop: the same seed gives the same run, another seed another", "[station][loop]") {
  const auto sent = [](std::uint64_t seed) {
    Loop loop({.seed = seed, .speed_kmh = 60});
    loop.run(100);
    check_accounts(loop);
    std::vector<std::int64_t> figures;
    for (int user = 0; user < 4; ++user) {
      figures.push_back(loop.base.inboxes()[user].delivered_bytes());
      figures.push_back(loop.base.user_totals()[user].retransmissions);
    }
    return figures;
  };
  const auto first = sent(5);
  CHECK(sent(5) == first);
  CHECK(sent(6) != first);
}

TEST_CASE("closed loop: a slot whose samples do not come is sent again", "[station][loop]") {
  Loop loop({.users = 2, .snr_db = 30});
  loop.loses = [](std::int64_t slot) { return slot % 10 == 0; };
  loop.run(100);
  check_accounts(loop);
  for (const UserTotals& user : loop.base.user_totals()) CHECK(user.first_failed >= 5);
}

TEST_CASE("closed loop: a user that is never heard loses all its blocks, and both ends say so", "[station][loop]") {
  Loop loop({.users = 1, .snr_db = 20});
  loop.loses = [](std::int64_t) { return true; };
  loop.run(60);
  check_accounts(loop);
  CHECK(loop.base.account().accounts[0].delivered == 0);
  CHECK(loop.users.account().accounts[0].lost == loop.base.account().accounts[0].sent);
}

TEST_CASE("closed loop: bursts are carried, and wait for some slots", "[station][loop]") {
  Loop loop({.users = 3, .snr_db = 25, .traffic = scheduler::TrafficClass::bursts, .load_bps = 2e6});
  loop.run(600);
  check_accounts(loop);
  for (const Inbox& inbox : loop.base.inboxes()) {
    CHECK(inbox.delivered_bytes() > 10000);
    CHECK(inbox.latency().percentile(0.5) >= 1);
    CHECK(inbox.latency().percentile(0.99) >= inbox.latency().percentile(0.5));
  }
}

TEST_CASE("closed loop: every MCS table and size of RBGs can be granted", "[station][loop]") {
  for (const auto table : {nr::McsTable::qam64, nr::McsTable::qam256, nr::McsTable::qam64_low_se}) {
    for (const int rbg_prbs : {1, 2, 3, 5, 8}) {
      CellConfig cell = small_cell();
      cell.scheduler.mcs_table = table;
      cell.scheduler.rbg_prbs = rbg_prbs;
      INFO(static_cast<int>(table) << " " << rbg_prbs);
      Loop loop({.snr_db = 38, .snr_spread_db = 0}, "rr", cell);
      loop.run(30);
      check_accounts(loop);
    }
  }
}

TEST_CASE("closed loop: DM-RS that stand closer carry a faster user", "[station][loop]") {
  const auto delivered = [](int additional_position, double speed_kmh) {
    CellConfig cell = small_cell();
    cell.scheduler.dmrs_additional_position = additional_position;
    Loop loop({.users = 2, .speed_kmh = speed_kmh, .snr_db = 25}, "pf", cell);
    loop.run(200);
    check_accounts(loop);
    return loop.base.inboxes()[0].delivered_bytes() + loop.base.inboxes()[1].delivered_bytes();
  };
  CHECK(delivered(0, 0) > delivered(3, 0));  // they cost what data could have
  CHECK(delivered(2, 500) > delivered(1, 500));
  CHECK(delivered(3, 500) > delivered(1, 500));
}
