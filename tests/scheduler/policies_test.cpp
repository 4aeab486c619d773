// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <string>

#include "phy/nr/error.h"
#include "scheduler/make_policy.h"
#include "tests/catch.h"
#include "tests/scheduler/one_cell.h"

using namespace pado;
using namespace pado::scheduler;
using namespace pado::scheduler::test;

TEST_CASE("policies: each is found by its name, another name is refused", "[scheduler]") {
  for (const char* name : {"pf", "rr", "maxcqi", "learned"}) CHECK(make_policy(name)->name() == name);
  CHECK_THROWS_AS(make_policy("best"), Error);
  CHECK_THROWS_WITH(make_policy("learned", {}, "no/such.json"), ContainsSubstring("no/such.json: cannot be read"));
  CHECK_THROWS_AS(make_policy("pf", {}, "predictor.json"), Error);
}

TEST_CASE("policies: none returns nonsense, whatever the reports and the feedback", "[scheduler]") {
  for (const char* name : {"pf", "rr", "maxcqi", "learned"}) {
    for (const CellShape& shape : {contiguous_shape(), set_shape()}) {
      SlotScheduler cell(shape, 20, make_policy(name));
      unsigned luck = 1;
      const auto dice = [&](unsigned sides) { return (luck = luck * 1664525 + 1013904223) / 65536 % sides; };
      for (int user = 0; user < 20; ++user) {
        cell.attach(user, user % 2 == 0 ? TrafficClass::full_buffer : TrafficClass::bursts);
      }
      for (int slot = 0; slot < 3000; ++slot) {
        const int user = static_cast<int>(dice(20));
        CqiReport report = flat_report(0, slot);
        for (float& s : report.sinr_db) s = static_cast<float>(dice(60)) - 20;
        if (user != 19) cell.on_report(user, report);
        cell.on_buffer(static_cast<int>(dice(20)), dice(4000));
        const SlotAllocation sent = cell.allocate(slot);
        for (int i = 0; i < sent.count; ++i) cell.on_feedback(feedback_of(sent.users[i], slot, dice(3) != 0));
      }
      CHECK(cell.counters().fallbacks == 0);
      CHECK(cell.counters().new_blocks > 3000);
      CHECK(cell.counters().lost_blocks > 0);
    }
  }
}

TEST_CASE("round robin: where there are fewer RBGs than users, those that got none are the next", "[scheduler]") {
  CellShape shape = contiguous_shape();
  shape.prbs = 3 * shape.rbg_prbs;
  SlotScheduler cell(shape, 8, make_policy("rr"));
  attach_users(cell, 8);
  std::array<int, 8> last{};
  last.fill(-1);
  for (int slot = 0; slot < 24; ++slot) {
    const SlotAllocation sent = cell.allocate(slot);
    REQUIRE(sent.count == 3);
    for (int i = 0; i < sent.count; ++i) {
      last[sent.users[i].user] = slot;
      cell.on_feedback(feedback_of(sent.users[i], slot, true));
    }
    for (const int before : last) CHECK(slot - before <= 3);
  }
}

TEST_CASE("round robin: users get equal shares", "[scheduler]") {
  for (const CellShape& shape : {contiguous_shape(), set_shape()}) {
    SlotScheduler cell(shape, 12, make_policy("rr"));
    attach_users(cell, 12);
    std::array<int, 12> prbs{};
    for (int slot = 0; slot < 1200; ++slot) {
      const SlotAllocation sent = cell.allocate(slot);
      for (int i = 0; i < sent.count; ++i) {
        prbs[sent.users[i].user] += shape.prbs_of_mask(sent.users[i].rbgs);
        cell.on_feedback(feedback_of(sent.users[i], slot, true));
      }
    }
    for (const int share : prbs) CHECK(share == Approx(1200 * shape.prbs / 12.0).epsilon(0.02));
  }
}

TEST_CASE("maximum CQI: each RBG goes to the user with the best report there", "[scheduler]") {
  SlotScheduler cell(set_shape(), 3, make_policy("maxcqi"));
  attach_users(cell, 3);
  for (int user = 0; user < 3; ++user) {
    CqiReport report = flat_report(5);
    for (int r = 0; r < 12; ++r) report.sinr_db[r] = r % 3 == user ? 20.0F : 4.0F;
    cell.on_report(user, report);
  }
  const SlotAllocation& sent = cell.allocate(0);
  REQUIRE(sent.count == 3);
  for (int i = 0; i < 3; ++i) CHECK(sent.users[i].rbgs == 0x249U << sent.users[i].user);
}

TEST_CASE("proportional fair: equal users share, and a worse channel costs throughput, not turns", "[scheduler]") {
  SlotScheduler cell(set_shape(), 4, make_policy("pf"));
  attach_users(cell, 4, 20);
  cell.on_report(3, flat_report(3));
  std::array<double, 4> prbs{};
  for (int slot = 0; slot < 2000; ++slot) {
    const SlotAllocation sent = cell.allocate(slot);
    for (int i = 0; i < sent.count; ++i) {
      prbs[sent.users[i].user] += cell.cell().shape.prbs_of_mask(sent.users[i].rbgs);
      cell.on_feedback(feedback_of(sent.users[i], slot, true));
    }
  }
  for (const double share : prbs) CHECK(share == Approx(2000 * 48 / 4.0).epsilon(0.1));
}

TEST_CASE("bursts: a user with little data gets no more RBGs than its buffer fills", "[scheduler]") {
  for (const char* name : {"pf", "rr", "maxcqi", "learned"}) {
    for (const CellShape& shape : {contiguous_shape(), set_shape()}) {
      INFO(name);
      SlotScheduler cell(shape, 2, make_policy(name));
      cell.attach(0, TrafficClass::bursts);
      cell.attach(1, TrafficClass::full_buffer);
      cell.on_report(0, flat_report(20));
      cell.on_report(1, flat_report(10));
      cell.on_buffer(0, 200);
      const SlotAllocation& sent = cell.allocate(0);
      RbgMask given = 0;
      for (int i = 0; i < sent.count; ++i) {
        given |= sent.users[i].rbgs;
        if (sent.users[i].user == 0) CHECK(std::popcount(sent.users[i].rbgs) == 1);
      }
      CHECK(given == shape.all_rbgs());
    }
  }
}

TEST_CASE("a full slot: no more users than the shape allows", "[scheduler]") {
  CellShape shape = set_shape();
  shape.users_per_slot = 3;
  for (const char* name : {"pf", "rr", "maxcqi", "learned"}) {
    INFO(name);
    SlotScheduler cell(shape, 12, make_policy(name));
    attach_users(cell, 12);
    for (int user = 0; user < 12; ++user) {
      CqiReport report = flat_report(3);
      report.sinr_db[user] = 20;
      cell.on_report(user, report);
    }
    const SlotAllocation& sent = cell.allocate(0);
    CHECK(sent.count == 3);
    RbgMask given = 0;
    for (int i = 0; i < sent.count; ++i) given |= sent.users[i].rbgs;
    CHECK(given == shape.all_rbgs());
    CHECK(cell.counters().fallbacks == 0);
  }
}
