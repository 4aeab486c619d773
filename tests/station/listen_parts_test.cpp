// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// What the live line is made of, each by itself.
#include <filesystem>
#include <set>
#include <thread>

#include "station/listen/grant_cycle.h"
#include "station/listen/latency_histogram.h"
#include "station/listen/spsc_ring.h"
#include "station/slot_chains.h"
#include "stream/recording/open.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace {

stream::Recording shipped(const std::string& name) {
  return stream::open_recording((std::filesystem::path(PADO_SOURCE_DIR) / "testvectors" / name).string());
}

}  // namespace

TEST_CASE("ring: takes what it has room for, and gives it back in order", "[listen]") {
  SpscRing<int> ring(2);
  int value = 0;
  CHECK_FALSE(ring.pop(value));
  for (int round = 0; round < 5; ++round) {
    CHECK(ring.push(10 * round));
    CHECK(ring.push(10 * round + 1));
    CHECK_FALSE(ring.push(99));
    CHECK((ring.pop(value) && value == 10 * round));
    CHECK((ring.pop(value) && value == 10 * round + 1));
    CHECK_FALSE(ring.pop(value));
  }
}

TEST_CASE("ring: nothing is lost or changed between two threads", "[listen]") {
  constexpr int kValues = 20'000;
  SpscRing<std::pair<int, int>> ring(7);
  std::thread sender([&] {
    for (int i = 0; i < kValues; ++i)
      while (!ring.push({i, -i})) std::this_thread::yield();
  });
  int wrong = 0;
  for (int i = 0; i < kValues; ++i) {
    std::pair<int, int> value;
    while (!ring.pop(value)) std::this_thread::yield();
    wrong += value == std::pair(i, -i) ? 0 : 1;
  }
  sender.join();
  CHECK(wrong == 0);
}

TEST_CASE("latency: quantiles to a microsecond, the largest exactly, also beyond the table", "[listen]") {
  LatencyHistogram histogram;
  CHECK(histogram.quantile_us(0.5) == 0);
  for (int i = 1; i <= 1000; ++i) histogram.add(i - 0.5);
  CHECK(histogram.quantile_us(0.5) == 500);
  CHECK(histogram.quantile_us(0.99) == 990);
  CHECK(histogram.quantile_us(1) == 999.5);
  histogram.add(5e6);
  CHECK(histogram.max_us() == 5e6);
  CHECK(histogram.quantile_us(1) == 5e6);
  CHECK(histogram.count() == 1001);
}

TEST_CASE("chains: slots with a HARQ process in common are one chain", "[listen]") {
  const auto slot = [](int rnti, const char* process) {
    stream::RecordedSlot result;
    result.grants.resize(1);
    result.grants[0].rnti = rnti;
    result.grants[0].harq_process = process;
    return result;
  };
  const std::vector slots{slot(1, "0"), slot(1, ""), slot(2, "0"), slot(1, "0"), slot(1, "1")};
  CHECK(slot_chains(slots) == std::vector<std::vector<int>>{{0, 3}, {1}, {2}, {4}});
}

TEST_CASE("cycle of grants: a block counts by its last transmission and knows its first", "[listen]") {
  GrantCycle cycle = make_grant_cycle(shipped("dev05_harq_0231_partial"));
  REQUIRE(cycle.slots.size() == 4);
  for (int i = 0; i < 4; ++i) {
    const CycleSlot& slot = cycle.slots[static_cast<std::size_t>(i)];
    REQUIRE(slot.blocks.size() == 1);
    CHECK(slot.blocks[0].last_transmission == (i == 3));
    CHECK(slot.blocks[0].first_slot == 0);
    CHECK(slot.blocks[0].block == cycle.slots[0].blocks[0].block);
    CHECK(slot.chain == 0);
  }
}

TEST_CASE("cycle of grants: another round has other blocks", "[listen]") {
  GrantCycle cycle = make_grant_cycle(shipped("sionna03_harq_2310"));
  std::set<std::uint64_t> of_round[2];
  for (const std::uint64_t round : {0, 1}) {
    for (CycleSlot& slot : cycle.slots) {
      enter_round(slot, round, cycle.blocks);
      for (const pusch::UePlan& ue : slot.plan.ues) of_round[round].insert(ue.block);
    }
  }
  CHECK(of_round[0].size() == 2);
  CHECK(of_round[1].size() == 2);
  for (const std::uint64_t block : of_round[1]) CHECK_FALSE(of_round[0].contains(block));
}

TEST_CASE("cycle of grants: the first slot's number in the frame comes from the recording", "[listen]") {
  CHECK(make_grant_cycle(shipped("dev04_256qam_51prb_30k_2rx")).first_slot == 11);
}
