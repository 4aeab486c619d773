// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Two doors for simulations: a slot that comes as a grid, and a channel that is known.
#include "phy/pusch/known_channel.h"

#include <algorithm>

#include "phy/propagation/gains.h"
#include "tests/catch.h"
#include "tests/phy/link.h"

using namespace pado;
using link::Link;

namespace {

constexpr int kAntennas = 2;

Link link_of_two_antennas() {
  Link link;
  link.carrier.antennas = kAntennas;
  link.add_user();
  link.complete();
  return link;
}

/// What the antennas receive, in rows as the plan wants them.
std::vector<cf32> received_grid(const Link& link, const pusch::SlotPlan& plan) {
  const link::User& user = link.users[0];
  const TransmitGrid sent = pusch::make_grid(user.grant, link.carrier, user.payload);
  const TransmitGrid at_antennas = propagation::apply_gains(user.path.gains, 1, sent);
  const auto stride = static_cast<std::size_t>(plan.ofdm.grid_stride);
  std::vector<cf32> grid(kAntennas * kSymbolsPerSlot * stride);
  for (int a = 0; a < kAntennas; ++a) {
    for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol)
      std::ranges::copy(at_antennas.row(a, symbol),
                        grid.begin() + static_cast<std::ptrdiff_t>((a * kSymbolsPerSlot + symbol) * stride));
  }
  propagation::add_awgn(0.01, 1, 1, grid);
  return grid;
}

template <class Backend>
struct Bench {
  explicit Bench(const Link& link)
      : grants{link.users[0].grant},
        limits(pusch::limits_for(link.carrier, grants)),
        planner(link.carrier, limits),
        plan(planner.plan(grants, 1)),
        on(pusch::backend_limits(link.carrier, limits)),
        host(pusch::backend_limits(link.carrier, limits)),
        receiver(on, host, link.carrier, limits) {}
  pusch::UeReport receive(const std::vector<cf32>& grid) {
    SlotSamples slot;
    slot.antennas = kAntennas;
    slot.cf32_grid = grid;
    receiver.receive(slot, plan, report);
    return report.ues[0];
  }

  std::vector<nr::PuschGrant> grants;
  pusch::PlanLimits limits;
  pusch::Planner planner;
  pusch::SlotPlan plan;
  Backend on;
  cpu::Backend host;
  pusch::Receiver<Backend> receiver;
  pusch::SlotReport report;
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("receiver: a slot may come as a grid", "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  const Link link = link_of_two_antennas();
  Bench<TestType> bench(link);
  const pusch::UeReport ue = bench.receive(received_grid(link, bench.plan));
  CHECK(ue.crc_ok);
  CHECK(std::ranges::equal(ue.payload, link.users[0].payload));
  CHECK(ue.sinr_db > 17);
}

TEMPLATE_LIST_TEST_CASE("receiver: a known channel takes the place of the DM-RS until it is taken back", "[receiver]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  const Link link = link_of_two_antennas();
  Bench<TestType> bench(link);
  std::vector<cf32> grid = received_grid(link, bench.plan);
  const DmrsShape& dmrs = bench.plan.ues[0].dmrs;
  for (int a = 0; a < kAntennas; ++a) {  // nothing is left to estimate from
    for (int s = 0; s < dmrs.dmrs_symbols; ++s) {
      const auto row = static_cast<std::size_t>(a * kSymbolsPerSlot + dmrs.dmrs_symbol[s]);
      std::fill_n(grid.begin() + static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(dmrs.grid_stride)),
                  dmrs.grid_stride, cf32{});
    }
  }
  CHECK(bench.receive(grid).status == pusch::UeStatus::no_signal);

  std::vector<cf32> channel(static_cast<std::size_t>(kAntennas * kMaxBranches * dmrs.channel_stride));
  std::vector<cf32> covariance(static_cast<std::size_t>(kAntennas * kAntennas * dmrs.covariance_stride));
  pusch::KnownChannel known{.channel = channel, .covariance = covariance, .summary = {}};
  known.summary.usable = true;
  known.summary.branches = 1;
  known.summary.time_gain.fill({1, 0});
  for (int a = 0; a < kAntennas; ++a) {
    const auto gain = link.users[0].path.gains.at(a, 0);
    std::fill_n(channel.begin() + a * kMaxBranches * dmrs.channel_stride, dmrs.channel_stride,
                cf32{static_cast<float>(gain.real()), static_cast<float>(gain.imag())});
    std::fill_n(covariance.begin() + (a * kAntennas + a) * dmrs.covariance_stride, dmrs.covariance_stride,
                cf32{0.01F, 0});
  }
  bench.receiver.assume_channel(&known);
  const pusch::UeReport ue = bench.receive(grid);
  CHECK(ue.crc_ok);
  CHECK(ue.sinr_db == Approx(23).margin(0.5));
  bench.receiver.assume_channel(nullptr);
  CHECK(bench.receive(grid).status == pusch::UeStatus::no_signal);
}
