// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/slot_scheduler.h"

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "phy/nr/error.h"
#include "phy/nr/tbs.h"
#include "scheduler/block_size.h"
#include "scheduler/make_policy.h"
#include "tests/catch.h"
#include "tests/scheduler/one_cell.h"

using namespace pado;
using namespace pado::scheduler;
using namespace pado::scheduler::test;

namespace {

UserAllocation block(int user, RbgMask rbgs, int mcs = 5) {
  UserAllocation made;
  made.user = user;
  made.rbgs = rbgs;
  made.mcs = mcs;
  return made;
}

/// Gives user 0 what is free of these RBGs, whenever it may.
std::unique_ptr<Policy> gives_user_0(RbgMask rbgs) {
  return scripted([rbgs](const CellState&, const FreeResources& free, SlotAllocation& allocation) {
    if ((free.users & 1) != 0 && (rbgs & ~free.rbgs) == 0) allocation.add(block(0, rbgs));
  });
}

}  // namespace

TEST_CASE("slot scheduler: a block has the size of its PRBs, MCS and layers", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, gives_user_0(0x1f00));  // with the small last RBG
  attach_users(cell, 1);
  const SlotAllocation& slot = cell.allocate(0);
  REQUIRE(slot.count == 1);
  const auto mcs = *nr::mcs(nr::McsTable::qam256, 5);
  CHECK(slot.users[0].tbs_bits == nr::transport_block_size(19, 14, 24, 0, mcs.modulation, mcs.code_rate_x1024, 1));
  CHECK(slot.users[0].transmission == 1);
  CHECK(cell.cell().users[0].in_flight_bytes == slot.users[0].tbs_bits / 8);
}

TEST_CASE("slot scheduler: a block that was not acknowledged is sent again, four times at most, then it is lost",
          "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, gives_user_0(0x7));
  attach_users(cell, 1);
  const UserAllocation first = cell.allocate(0).users[0];
  bool lost = true;
  for (int sent = 1; sent <= 4; ++sent) {
    const UserAllocation now = sent == 1 ? first : cell.allocate(sent - 1).users[0];
    CHECK(now.transmission == sent);
    CHECK(now.process == first.process);
    CHECK(now.mcs == first.mcs);
    CHECK(now.tbs_bits == first.tbs_bits);
    CHECK(std::popcount(now.rbgs) == 3);
    REQUIRE(cell.on_feedback(feedback_of(now, sent - 1, false), &lost));
    CHECK(lost == (sent == 4));
  }
  CHECK(cell.counters().lost_blocks == 1);
  CHECK(cell.counters().retransmissions == 3);
  CHECK(cell.cell().users[0].in_flight_bytes == 0);
  CHECK(cell.allocate(4).users[0].transmission == 1);
}

TEST_CASE("slot scheduler: the oldest retransmission goes first, new blocks get the rest", "[scheduler]") {
  const auto all_that_is_free = [](const CellState&, const FreeResources& free, SlotAllocation& allocation) {
    if (free.users != 0 && free.rbgs != 0) allocation.add(block(std::countr_zero(free.users), free.rbgs));
  };
  CellShape shape = contiguous_shape();
  SlotScheduler cell(shape, 3, scripted(all_that_is_free));
  attach_users(cell, 3);
  std::vector<UserAllocation> sent;
  for (int slot = 0; slot < 3; ++slot) {
    sent.push_back(cell.allocate(slot).users[0]);
    CHECK(sent.back().user == 0);
  }
  CHECK(cell.on_feedback(feedback_of(sent[1], 1, false)));
  CHECK(cell.on_feedback(feedback_of(sent[0], 0, false)));
  const SlotAllocation& next = cell.allocate(3);
  REQUIRE(next.count == 1);
  CHECK(next.users[0].transmission == 2);
  CHECK(next.users[0].process == sent[0].process);
}

TEST_CASE("slot scheduler: a retransmission takes the small last RBG if and only if its block had it", "[scheduler]") {
  for (const RbgMask rbgs : {RbgMask{0x1c00}, RbgMask{0x0e00}}) {
    bool once = true;
    SlotScheduler cell(contiguous_shape(), 1, scripted([&](auto&, auto&, SlotAllocation& allocation) {
                         if (std::exchange(once, false)) allocation.add(block(0, rbgs));
                       }));
    attach_users(cell, 1);
    cell.on_feedback(feedback_of(cell.allocate(0).users[0], 0, false));
    const SlotAllocation& next = cell.allocate(1);
    REQUIRE(next.count == 1);
    CHECK(cell.cell().shape.prbs_of_mask(next.users[0].rbgs) == cell.cell().shape.prbs_of_mask(rbgs));
  }
}

TEST_CASE("slot scheduler: feedback that nobody waits for is refused and changes nothing", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 2, gives_user_0(0x7));
  attach_users(cell, 1);
  const UserAllocation sent = cell.allocate(7).users[0];
  const Feedback right = feedback_of(sent, 7, true);
  for (const auto& change : std::vector<std::function<void(Feedback&)>>{
           [](Feedback& f) { f.user = 1; }, [](Feedback& f) { f.user = -1; }, [](Feedback& f) { f.user = 64; },
           [](Feedback& f) { f.process = 3; }, [](Feedback& f) { f.process = -1; }, [](Feedback& f) { f.process = 99; },
           [](Feedback& f) { f.sent_slot = 6; }}) {
    Feedback wrong = right;
    change(wrong);
    CHECK_FALSE(cell.on_feedback(wrong));
  }
  CHECK(cell.on_feedback(right));
  CHECK_FALSE(cell.on_feedback(right));
}

TEST_CASE("slot scheduler: a user that left gets nothing, and its feedback is refused", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, gives_user_0(0x7));
  attach_users(cell, 1);
  const UserAllocation sent = cell.allocate(0).users[0];
  cell.detach(0);
  CHECK_FALSE(cell.on_feedback(feedback_of(sent, 0, false)));
  CHECK_FALSE(cell.on_report(0, flat_report(3)));
  CHECK_FALSE(cell.on_buffer(0, 100));
  CHECK(cell.allocate(1).count == 0);
}

TEST_CASE("slot scheduler: grants shorten the buffer, and an empty one gets none", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, gives_user_0(0x7));
  cell.attach(0, TrafficClass::bursts);
  CHECK(cell.allocate(0).count == 0);
  CHECK(cell.on_buffer(0, 1000));
  std::int64_t left = 1000;
  for (int slot = 1; left > 0; ++slot) {
    const SlotAllocation& sent = cell.allocate(slot);
    REQUIRE(sent.count == 1);
    left -= sent.users[0].tbs_bits / 8;
    CHECK(cell.cell().users[0].buffer_bytes == std::max<std::int64_t>(left, 0));
  }
  CHECK(cell.allocate(99).count == 0);
}

TEST_CASE("slot scheduler: no more blocks at a time than HARQ processes", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, gives_user_0(0x7));
  attach_users(cell, 1);
  for (int slot = 0; slot < 8; ++slot) CHECK(cell.allocate(slot).users[0].process == slot);
  CHECK(cell.allocate(8).count == 0);
}

TEST_CASE("slot scheduler: where the policy returns nonsense, proportional fair takes the slot", "[scheduler]") {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  using Answer = std::function<void(SlotAllocation&)>;
  const auto changed = [](auto change) {
    return [change](SlotAllocation& a) {
      UserAllocation b = block(0, 0x3);
      change(b);
      a.add(b);
    };
  };
  const std::vector<std::pair<std::string, Answer>> nonsense{
      {"a user that is not attached", changed([](auto& b) { b.user = 3; })},
      {"a user that there is not", changed([](auto& b) { b.user = 700; })},
      {"a negative user", changed([](auto& b) { b.user = -1; })},
      {"no RBG", changed([](auto& b) { b.rbgs = 0; })},
      {"a gap", changed([](auto& b) { b.rbgs = 0x5; })},
      {"beyond the carrier", changed([](auto& b) { b.rbgs = 0x3000; })},
      {"a reserved MCS", changed([](auto& b) { b.mcs = 28; })},
      {"a negative MCS", changed([](auto& b) { b.mcs = -1; })},
      {"no layer", changed([](auto& b) { b.layers = 0; })},
      {"too many layers", changed([](auto& b) { b.layers = 2; })},
      {"NaN for a prediction", changed([=](auto& b) { b.predicted_sinr_db = kNaN; })},
      {"NaN for sigma", changed([=](auto& b) { b.sigma_db = kNaN; })},
      {"an endless prediction", changed([=](auto& b) { b.predicted_sinr_db = INFINITY; })},
      {"a user twice", [](auto& a) { a.add(block(0, 0x3)), a.add(block(0, 0xc)); }},
      {"an RBG twice", [](auto& a) { a.add(block(0, 0x3)), a.add(block(1, 0x6)); }},
      {"more than fit", [](auto& a) { a.count = 17; }},
      {"fewer than none", [](auto& a) { a.count = -1; }},
  };
  for (const auto& [what, answer] : nonsense) {
    INFO(what);
    SlotScheduler cell(contiguous_shape(), 4, scripted([&](auto&, auto&, SlotAllocation& a) { answer(a); }));
    attach_users(cell, 2);
    const SlotAllocation& slot = cell.allocate(0);
    CHECK(cell.counters().fallbacks == 1);
    REQUIRE(slot.count >= 1);
    CHECK(slot.users[0].tbs_bits > 0);
  }
}

TEST_CASE("slot scheduler: what a policy does to retransmissions has no effect", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, scripted([](auto&, const FreeResources& free, SlotAllocation& a) {
                       if (a.count == 0) {
                         a.add(block(0, 0x7));
                       } else {
                         a.users[0] = block(0, free.rbgs, 27);
                       }
                     }));
  attach_users(cell, 1);
  const UserAllocation sent = cell.allocate(0).users[0];
  cell.on_feedback(feedback_of(sent, 0, false));
  const SlotAllocation& next = cell.allocate(1);
  REQUIRE(next.count == 1);
  CHECK(next.users[0].mcs == sent.mcs);
  CHECK(next.users[0].tbs_bits == sent.tbs_bits);
  CHECK(cell.counters().fallbacks == 0);
}

TEST_CASE("slot scheduler: a report that is not finite is refused", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, make_policy("pf"));
  cell.attach(0, TrafficClass::full_buffer);
  CqiReport report = flat_report(10);
  report.sinr_db[12] = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(cell.on_report(0, report));
  report.sinr_db[12] = 3;
  report.sinr_db[13] = INFINITY;  // beyond the carrier
  CHECK(cell.on_report(0, report));
}

TEST_CASE("slot scheduler: a shape or a number of users out of range is refused by name", "[scheduler]") {
  const auto message = [](auto change, int users) -> std::string {
    CellShape shape;
    change(shape);
    try {
      SlotScheduler(shape, users, make_policy("pf"));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message([](auto&) {}, 1).empty());
  CHECK(message([](auto&) {}, 0) == "scheduler: 0 users, expected 1 to 64");
  CHECK(message([](auto&) {}, 65) == "scheduler: 65 users, expected 1 to 64");
  CHECK(message([](auto& s) { s.rbg_prbs = 1; }, 1) == "scheduler: RBGs of the carrier is 51, expected 1 to 32");
  CHECK(message([](auto& s) { s.harq_processes = 17; }, 1) == "scheduler: harq_processes is 17, expected 1 to 16");
  CHECK(message([](auto& s) { s.users_per_slot = 0; }, 1) == "scheduler: users_per_slot is 0, expected 1 to 16");
}

TEST_CASE("slot scheduler: a cell that is drained sends what has begun until its end, and nothing new", "[scheduler]") {
  SlotScheduler cell(contiguous_shape(), 1, gives_user_0(0x7));
  attach_users(cell, 1);
  REQUIRE(cell.allocate(0).count == 1);
  cell.drain();
  CHECK(cell.allocate(1).count == 0);
  CHECK(cell.on_feedback({.user = 0, .process = 0, .sent_slot = 0, .acknowledged = false}));
  const SlotAllocation& again = cell.allocate(2);
  REQUIRE(again.count == 1);
  CHECK(again.users[0].transmission == 2);
}

TEST_CASE("slot scheduler: a small block at a high MCS keeps below the code rate that nobody has to decode",
          "[scheduler]") {
  CellShape shape = contiguous_shape();
  shape.mcs_table = nr::McsTable::qam64;
  const nr::Mcs highest = *nr::mcs(shape.mcs_table, 28);
  const auto by_table = [&](int prbs) {
    return nr::transport_block_size(prbs, 14, 24, 0, highest.modulation, highest.code_rate_x1024, 1);
  };
  CHECK(by_table(1) == 808);  // with its CRC 824 bits, in 864 that are sent
  CHECK(block_size_bits(shape, 1, 28, 1) == 768);
  CHECK(block_size_bits(shape, 20, 28, 1) == by_table(20));
}
