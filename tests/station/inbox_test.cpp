// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/inbox.h"

#include <vector>

#include "station/messages/payload.h"
#include "tests/catch.h"

using namespace pado::station;

namespace {

constexpr std::uint64_t kSeed = 11;

std::vector<std::uint8_t> payload(std::int64_t number, std::int64_t arrival_slot = 0, int bytes = 40) {
  std::vector<std::uint8_t> block(bytes);
  const int data = bytes > 20 ? bytes - 20 : 0;
  write_payload({.number = number, .user = 2, .arrival_slot = arrival_slot, .data_bytes = data}, kSeed, block);
  return block;
}

}  // namespace

TEST_CASE("payload: a change of any bit is seen", "[station][messages]") {
  const auto good = payload(70000, 9);
  PayloadHead head;
  REQUIRE(check_payload(good, 2, kSeed, head));
  CHECK(head.number == 70000);
  CHECK(head.arrival_slot == 9);
  CHECK(head.data_bytes == 20);
  CHECK_FALSE(check_payload(good, 3, kSeed, head));
  CHECK_FALSE(check_payload(good, 2, kSeed + 1, head));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    auto changed = good;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    INFO(bit);
    CHECK_FALSE(check_payload(changed, 2, kSeed, head));
  }
}

TEST_CASE("payload: the shortest blocks carry their number alone", "[station][messages]") {
  for (int bytes = 3; bytes < 12; ++bytes) {
    PayloadHead head;
    CHECK(check_payload(payload(513, 0, bytes), 2, kSeed, head));
    CHECK(head.number == 513);
    CHECK(head.data_bytes == 0);
    CHECK(check_payload(payload(513, 0, bytes), 3, kSeed, head) == (bytes == 3));  // no room for the user
  }
}

TEST_CASE("inbox: blocks that end out of order are delivered in order", "[station][loop]") {
  Inbox inbox(2, kSeed);
  for (int process = 0; process < 3; ++process) inbox.begin_block(process);
  inbox.receive(1, payload(1, 10), 15);
  inbox.receive(2, payload(2, 11), 16);
  CHECK(inbox.account().delivered == 0);
  CHECK(inbox.in_flight() == 1);
  inbox.receive(0, payload(0, 9), 30);
  CHECK(inbox.account() == UserAccount{.sent = 3, .delivered = 3});
  CHECK(inbox.latency().percentile(0.5) == 20);
  CHECK(inbox.latency().percentile(1) == 21);
  CHECK(inbox.delivered_bytes() == 60);
}

TEST_CASE("inbox: a lost block is reported in its turn and holds up no other", "[station][loop]") {
  Inbox inbox(2, kSeed);
  inbox.begin_block(4);
  inbox.begin_block(5);
  inbox.receive(5, payload(1), 3);
  inbox.lose(4, 9);
  CHECK(inbox.account() == UserAccount{.sent = 2, .delivered = 1, .lost = 1});
  CHECK(inbox.in_flight() == 0);
}

TEST_CASE("inbox: a block with a wrong bit, a foreign one and one that came before are told apart", "[station][loop]") {
  Inbox inbox(2, kSeed);
  inbox.begin_block(0);
  auto wrong = payload(0);
  wrong[20] ^= 1;
  inbox.receive(0, wrong, 1);
  CHECK(inbox.account() == UserAccount{.sent = 1, .delivered = 1, .corrupt = 1});
  inbox.begin_block(0);
  std::vector<std::uint8_t> foreign(40);
  write_payload({.number = 1, .user = 3, .data_bytes = 20}, kSeed, foreign);
  inbox.receive(0, foreign, 2);
  CHECK(inbox.account().corrupt == 2);
  inbox.begin_block(0);
  inbox.receive(0, payload(2), 3);
  inbox.receive(0, payload(2), 4);
  CHECK(inbox.account() == UserAccount{.sent = 3, .delivered = 3, .corrupt = 2, .duplicate = 1});
}

TEST_CASE("inbox: blocks that changed places are out of order, and those behind them are not", "[station][loop]") {
  Inbox inbox(2, kSeed);
  for (int process = 0; process < 3; ++process) inbox.begin_block(process);
  inbox.receive(0, payload(1), 3);
  inbox.receive(1, payload(0), 4);
  inbox.receive(2, payload(2), 5);
  CHECK(inbox.account() == UserAccount{.sent = 3, .delivered = 3, .out_of_order = 2});
}

TEST_CASE("inbox: a block in the place of a later one came twice, and its data count once", "[station][loop]") {
  for (const int bytes : {3, 9, 40}) {
    Inbox inbox(2, kSeed);
    inbox.begin_block(0);
    inbox.begin_block(1);
    inbox.receive(0, payload(0, 0, bytes), 3);
    inbox.receive(1, payload(0, 0, bytes), 4);
    CHECK(inbox.account() == UserAccount{.sent = 2, .delivered = 2, .duplicate = 1});
    CHECK(inbox.delivered_bytes() == (bytes == 40 ? 20 : 0));
  }
}

TEST_CASE("inbox: a block ahead of a lost one in its place is out of order", "[station][loop]") {
  Inbox inbox(2, kSeed);
  for (int process = 0; process < 2; ++process) inbox.begin_block(process);
  inbox.lose(0, 3);
  inbox.receive(1, payload(7), 4);
  CHECK(inbox.account() == UserAccount{.sent = 2, .delivered = 1, .lost = 1, .out_of_order = 1});
}

TEST_CASE("inbox: counts of slots pass the wrap of the slot of arrival", "[station][loop]") {
  Inbox inbox(2, kSeed);
  inbox.begin_block(0);
  inbox.receive(0, payload(0, 65530), 65540);
  CHECK(inbox.latency().percentile(0.5) == 10);
}
