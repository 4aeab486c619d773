// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Blocks over several transmissions: limited buffers, code block groups, soft buffers that are too few.
#include <functional>

#include "phy/nr/code_block_groups.h"
#include "phy/nr/error.h"
#include "phy/nr/segmentation.h"
#include "phy/nr/tbs.h"
#include "phy/nr/validate.h"
#include "phy/pusch/harq_pool.h"
#include "tests/catch.h"
#include "tests/phy/link.h"

using namespace pado;
using link::Link;

namespace {

/// One user with a HARQ process and several code blocks.
Link large_block(double rate_x1024 = 600) {
  Link link;
  link.carrier.antennas = 2;
  nr::PuschGrant& g = link.add_user().grant;
  g.harq_process = "3";
  g.modulation = nr::Modulation::qam64;
  g.code_rate_x1024 = rate_x1024;
  return link;
}

nr::PuschGrant transmission(int rnti, const char* process, bool new_data = true) {
  nr::PuschGrant g;
  g.rnti = rnti;
  g.harq_process = process;
  g.new_data = new_data;
  return g;
}

}  // namespace

TEST_CASE("harq: orders 0-2-3-1 and 0-0-0-0 gain with every transmission", "[receiver][harq]") {
  for (const auto& order : {std::array{0, 2, 3, 1}, std::array{0, 0, 0, 0}}) {
    std::array<int, 4> right{};
    for (int trial = 0; trial < 6; ++trial) {
      Link link;
      link.add_user().grant.harq_process = "1";
      link.users[0].grant.code_rate_x1024 = 616;
      link.snr_db = order[1] == 0 ? 5.5 : 1;
      link.seed = static_cast<std::uint64_t>(100 * trial + 1);
      link.complete();
      link::LinkReceiver<cpu::Backend> receiver(link);
      for (std::size_t i = 0; i < order.size(); ++i) {
        link.users[0].grant.rv = order[i];
        link.users[0].grant.new_data = i == 0;
        ++link.seed;
        right[i] += receiver.receive(link).all_right() ? 1 : 0;
      }
    }
    INFO("rv " << order[1]);
    CHECK(right[0] == 0);
    CHECK(right[3] == 6);
    CHECK(std::ranges::is_sorted(right));
  }
}

TEST_CASE("harq: with a limited buffer every redundancy version decodes, and what lay beyond it does not matter",
          "[receiver][harq]") {
  Link link = large_block(300);
  link.complete();
  link::LinkReceiver<cpu::Backend> receiver(link);
  CHECK(receiver.receive(link).all_right());  // soft bits all over the buffer
  nr::PuschGrant& g = link.users[0].grant;
  g.limited_buffer_tbs_bits = g.tbs_bits * 6 / 5;  // 1.8 coded bits a bit
  for (const int rv : {0, 2, 3, 1}) {
    g.rv = rv;
    g.new_data = true;
    link.users[0].payload.assign(link.users[0].payload.size(), static_cast<std::uint8_t>(0x31 + rv));
    INFO("rv " << rv);
    CHECK(receiver.receive(link).all_right());
    g.new_data = false;
    CHECK(receiver.receive(link).all_right());
  }
  g.limited_buffer_tbs_bits.reset();  // a transmission by other rules cannot be added
  CHECK(receiver.receive(link).all_right());
}

TEST_CASE("harq: a limited buffer holds 1.5 times its block size, in whole code blocks", "[nr]") {
  const auto s = nr::segment(nr::transport_block_size(100, 14, 24, 0, nr::Modulation::qam64, 772, 2), 1);
  const auto whole = nr::rate_matching(s, 8 * 20000, 1, 8, 1);
  const auto limited = nr::rate_matching(s, 8 * 20000, 1, 8, 1, 50'000);
  CHECK(whole.buffer_bits == 66 * s.lifting_size);
  CHECK(limited.buffer_bits == 3 * 50'000 / (2 * s.code_blocks));
  CHECK(limited.start == 17 * limited.buffer_bits / (66 * s.lifting_size) * s.lifting_size);
  CHECK(nr::limited_buffer_tbs(4, nr::Modulation::qam256, 273) == 1277992);
  CHECK(nr::limited_buffer_tbs(1, nr::Modulation::qam64, 51) == nr::limited_buffer_tbs(1, nr::Modulation::qam64, 66));
}

TEST_CASE("harq: the groups of code blocks differ by one at most, and name runs", "[nr]") {
  nr::PuschGrant g;
  CHECK(nr::sent_blocks(g, 7) == std::vector<nr::BlockRun>{{0, 7}});
  g.sent_groups = {true, false, true, true};
  CHECK(nr::sent_blocks(g, 7) == std::vector<nr::BlockRun>{{0, 2}, {4, 3}});  // 2, 2, 2 and 1 blocks
  CHECK(nr::sent_blocks(g, 2) == std::vector<nr::BlockRun>{{0, 1}});          // two groups of one
  CHECK(nr::count_blocks(nr::sent_blocks(g, 7)) == 5);
}

TEMPLATE_LIST_TEST_CASE("harq: groups that are sent again complete a block whose others were received before",
                        "[receiver][harq]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link = large_block();
  link.complete();
  nr::PuschGrant& g = link.users[0].grant;
  const int code_blocks = nr::segment(g.tbs_bits, 1).code_blocks;
  REQUIRE(code_blocks == 4);
  link::LinkReceiver<TestType> receiver(link);
  std::vector<cf32> samples = link.samples();
  const nr::SlotTiming timing = nr::slot_timing(link.carrier.scs_hz, link.carrier.fft_size, 1);
  for (int antenna = 0; antenna < 2; ++antenna) {  // the last two symbols are lost: of the last code block
    const auto start = samples.begin() + antenna * timing.samples;
    std::fill(start + timing.symbol_start[12], start + timing.samples, cf32{});
  }
  const auto first = receiver.receive(link, samples);
  CHECK_FALSE(first.report.ues[0].crc_ok);
  CHECK(first.report.ues[0].code_blocks_ok == code_blocks - 1);
  g.new_data = false;
  g.rv = 2;
  g.sent_groups = {false, false, false, true};
  g.prb_count = 45;
  link.users[0].grant.base_graph = 1;
  const auto second = receiver.receive(link);
  CHECK(second.match[0]);
  g.sent_groups = {true, false, false, false};  // without the others the block stays open
  link::LinkReceiver<TestType> fresh(link);
  const auto alone = fresh.receive(link);
  CHECK_FALSE(alone.match[0]);
  CHECK(alone.report.ues[0].code_blocks_ok == 1);
}

TEST_CASE("harq: control information beside some code block groups is sized by them", "[receiver][harq][uci]") {
  Link link = large_block();
  nr::PuschGrant& g = link.users[0].grant;
  g.uci.parts = {nr::UciPart{5, 4}, nr::UciPart{30, 2}, nr::UciPart{}};
  link.complete();
  link::LinkReceiver<cpu::Backend> receiver(link);
  CHECK(receiver.receive(link).all_right());
  g.new_data = false;
  g.sent_groups = {false, true};
  const auto outcome = receiver.receive(link);
  CHECK(outcome.all_right());
  CHECK(outcome.uci_match[0]);
}

TEST_CASE("harq: what a grant cannot say of code block groups and limited buffers is refused", "[nr][harq]") {
  const auto refused = [](const std::function<void(nr::PuschGrant&)>& change, const char* message) {
    Link link = large_block();
    link.complete();
    change(link.users[0].grant);
    INFO(message);
    CHECK_THROWS_WITH(nr::validate(link.users[0].grant, link.carrier), ContainsSubstring(message));
  };
  refused([](nr::PuschGrant& g) { g.sent_groups = {true, true, true}; }, "cbgti names 3 code block groups");
  refused([](nr::PuschGrant& g) { g.sent_groups = {true, false}; }, "new data are sent in all code block groups");
  refused([](nr::PuschGrant& g) { g.new_data = false, g.sent_groups = {false, false}; }, "no code block group is sent");
  refused([](nr::PuschGrant& g) { g.limited_buffer_tbs_bits = 0; }, "lbrm tbs_lbrm_bits 0 is not from 1");
  refused([](nr::PuschGrant& g) { g.limited_buffer_tbs_bits = g.tbs_bits / 2; }, "less than its payload");
}

TEST_CASE("harq pool: users who never finish lose their buffer to others, the one silent for longest first", "[harq]") {
  pusch::HarqPool pool(3);
  std::vector<int> buffers;
  for (int rnti = 0; rnti < 5; ++rnti) {
    pool.begin_slot();
    buffers.push_back(pool.place(transmission(rnti, "0"), 100).buffer);
  }
  CHECK(buffers == std::vector{0, 1, 2, 0, 1});
  CHECK(pool.counters() == pusch::HarqCounters{.evicted = 2});
  pool.begin_slot();
  const auto again = pool.place(transmission(0, "0", false), 100);  // displaced: another block begins
  CHECK(again.buffer == 2);
  CHECK(pool.counters() == pusch::HarqCounters{.without_first = 1, .evicted = 3});
  pool.clear();
  pool.begin_slot();
  CHECK(pool.place(transmission(9, "0"), 100).buffer == 0);
  CHECK(pool.counters().evicted == 3);
}

TEST_CASE("harq pool: a slot takes no buffer from itself", "[harq]") {
  pusch::HarqPool pool(1);
  pool.begin_slot();
  CHECK(pool.place(transmission(1, "0"), 100).buffer == 0);
  CHECK(pool.place(transmission(2, "0"), 100).buffer == -1);
  CHECK(pool.counters() == pusch::HarqCounters{.without_room = 1});
  pusch::HarqPool none(0);
  none.begin_slot();
  CHECK(none.place(transmission(1, "0"), 100).buffer == -1);
}

TEST_CASE("harq pool: a block keeps its number until new data or another size", "[harq]") {
  pusch::HarqPool pool(2);
  pool.begin_slot();
  const auto first = pool.place(transmission(1, "a"), 100);
  pool.begin_slot();
  CHECK(pool.place(transmission(1, "a", false), 100).block == first.block);
  const auto other = pool.place(transmission(1, "a", false), 108);
  CHECK(other.block > first.block);
  CHECK(other.buffer == first.buffer);
  CHECK(pool.counters() == pusch::HarqCounters{.resized = 1});
  CHECK(pool.place(transmission(1, "a"), 108).block > other.block);
  CHECK(pool.once().buffer == -1);
}

TEST_CASE("harq: a late retransmission of a block that is over does not touch the next block", "[receiver][harq]") {
  Link link = large_block();
  link.snr_db = 8;  // not enough for one transmission
  link.complete();
  const pusch::PlanLimits limits = link::LinkReceiver<cpu::Backend>::limits_of(link);
  cpu::Backend on({.antennas = 2,
                   .layers = limits.layers,
                   .fft_size = link.carrier.fft_size,
                   .prbs = limits.prbs,
                   .code_blocks = limits.code_blocks});
  pusch::Planner planner(link.carrier, limits);
  pusch::Receiver<cpu::Backend> receiver(on, on, link.carrier, limits);
  const auto receive = [&](const pusch::SlotPlan& plan, const std::vector<cf32>& samples) {
    pusch::SlotReport report;
    SlotSamples slot;
    slot.antennas = 2;
    slot.samples = static_cast<int>(samples.size()) / 2;
    slot.cf32_samples = samples;
    receiver.receive(slot, plan, report);
    return report.ues[0].crc_ok;
  };
  const auto plan_of = [&](bool new_data, int rv) {
    link.users[0].grant.new_data = new_data;
    link.users[0].grant.rv = rv;
    return planner.plan(std::vector{link.users[0].grant}, 1);
  };
  for (const bool late : {false, true}) {
    (void)plan_of(true, 0);  // its first transmission is not received
    const auto old_plan = plan_of(false, 2);
    const auto old_samples = link.samples();
    for (auto& byte : link.users[0].payload) byte ^= 0x5a;
    ++link.seed;
    const auto plan = plan_of(true, 0);
    CHECK_FALSE(receive(plan, link.samples()));
    if (late) CHECK_FALSE(receive(old_plan, old_samples));
    ++link.seed;
    const auto again = plan_of(false, 2);
    CHECK(receive(again, link.samples()));
  }
}
