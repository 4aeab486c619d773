// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <vector>

#include "tests/catch.h"
#include "tests/phy/link.h"
#include "tests/slot_path/counted_allocations.h"

using namespace pado;

namespace {

/// Two users, one of them in need of another FFT for its CFO and with control information, HARQ, several code blocks.
link::Link busy_slot() {
  link::Link link;
  link.carrier = {.scs_hz = 30000, .carrier_prb = 106, .fft_size = 2048, .phase_compensation_hz = 3.5e9, .antennas = 4};
  link.snr_db = 25;
  auto& first = link.add_user();
  first.grant.prb_count = 80;
  first.grant.layers = 2;
  first.grant.dmrs.ports = {0, 1};
  first.grant.modulation = nr::Modulation::qam64;
  first.grant.harq_process = std::string(1, '0');
  auto& second = link.add_user();
  second.grant.prb_start = 80;
  second.grant.prb_count = 20;
  second.path.cfo_hz = 1200;
  second.path.delay_s = -3e-7;
  second.grant.uci.parts = {nr::UciPart{1, 20}, nr::UciPart{30, 4}, nr::UciPart{15, 4}};
  auto& beside = link.add_user();  // on the first one's PRBs
  beside.grant.prb_start = 40;
  beside.grant.prb_count = 20;
  beside.grant.dmrs.ports = {2};
  link.complete();
  return link;
}

}  // namespace

TEST_CASE("slot path: no allocation from a slot's samples to its report", "[slot_path]") {
#if defined(PADO_COUNTS_ALLOCATIONS)
  link::Link link = busy_slot();
  const pusch::PlanLimits limits = link::LinkReceiver<cpu::Backend>::limits_of(link);
  cpu::Backend on(pusch::backend_limits(link.carrier, limits));
  pusch::Planner planner(link.carrier, limits);
  pusch::Receiver<cpu::Backend> receiver(on, on, link.carrier, limits);
  pusch::SlotReport report;
  report.ues.reserve(3);
  for (const int rv : {0, 2}) {  // neither in the first slot, nor in one that combines
    for (link::User& user : link.users) user.grant.rv = rv;
    link.users[0].grant.new_data = rv == 0;
    const std::vector<cf32> samples = link.samples();
    SlotSamples slot;
    slot.antennas = 4;
    slot.samples = static_cast<int>(samples.size()) / 4;
    slot.cf32_samples = samples;
    const pusch::SlotPlan plan =
        planner.plan(std::vector{link.users[0].grant, link.users[1].grant, link.users[2].grant}, 1);
    CHECK(tests::allocations_of([&] { receiver.receive(slot, plan, report); }) == 0);
    CHECK(report.ues[0].crc_ok);
    CHECK(report.ues[1].crc_ok);
    CHECK(report.ues[1].uci[2].verdict == uci::Verdict::crc_ok);
    CHECK(report.ues[2].crc_ok);
  }
#else
  std::cout << "skipped: allocations cannot be counted beside a sanitizer or without glibc\n";
#endif
}

TEST_CASE("slot path: the counter of allocations counts", "[slot_path]") {
#if defined(PADO_COUNTS_ALLOCATIONS)
  const long calls = tests::allocations_of([] {
    std::vector<int>* volatile v = new std::vector<int>(100);
    delete v;
  });
  CHECK(calls == 4);
#endif
}
