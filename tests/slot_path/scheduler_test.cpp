// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "scheduler/make_policy.h"
#include "scheduler/slot_scheduler.h"
#include "tests/catch.h"
#include "tests/scheduler/one_cell.h"
#include "tests/slot_path/counted_allocations.h"

using namespace pado;
using namespace pado::scheduler;
using namespace pado::scheduler::test;

namespace {

/// Reports, buffers, ACKs and NACKs by turns, for so many slots from `first`.
void drive(SlotScheduler& cell, int first, int slots) {
  for (int slot = first; slot < first + slots; ++slot) {
    for (int user = slot % 5; user < 32; user += 5) {
      CqiReport report = flat_report(static_cast<float>((slot * 7 + user * 3) % 30), slot - 4);
      cell.on_report(user, report);
      cell.on_buffer(user, slot * 37 % 5000);
    }
    const SlotAllocation sent = cell.allocate(slot);
    for (int i = 0; i < sent.count; ++i) {
      const int user = sent.users[i].user;
      cell.on_feedback(feedback_of(sent.users[i], slot, user % 7 != 0 && (slot + user) % 3 != 0));
    }
  }
}

}  // namespace

TEST_CASE("scheduling: no allocation in a slot, whatever the policy", "[slot_path]") {
#if defined(PADO_COUNTS_ALLOCATIONS)
  for (const char* policy : {"rr", "maxcqi", "pf", "learned"}) {
    INFO(policy);
    for (const CellShape& shape : {contiguous_shape(), set_shape()}) {
      SlotScheduler cell(shape, 32, make_policy(policy));
      for (int user = 0; user < 32; ++user) {
        cell.attach(user, user % 2 == 0 ? TrafficClass::full_buffer : TrafficClass::bursts);
      }
      drive(cell, 0, 1);  // tables that are made once in a program's life
      CHECK(pado::tests::allocations_of([&] { drive(cell, 1, 500); }) == 0);
      CHECK(cell.counters().retransmissions > 0);
      CHECK(cell.counters().lost_blocks > 0);
    }
  }
#else
  std::cout << "skipped: allocations cannot be counted beside a sanitizer or without glibc\n";
#endif
}

TEST_CASE("scheduling: no allocation where a policy returns nonsense", "[slot_path]") {
#if defined(PADO_COUNTS_ALLOCATIONS)
  SlotScheduler cell(contiguous_shape(), 32, scripted([](auto&, auto&, SlotAllocation& a) { a.count = 99; }));
  attach_users(cell, 32);
  drive(cell, 0, 1);
  CHECK(pado::tests::allocations_of([&] { drive(cell, 1, 200); }) == 0);
  CHECK(cell.counters().fallbacks == 201);
#endif
}
