// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

#include "scheduler/make_policy.h"
#include "scheduler/simulator/luck.h"
#include "scheduler/simulator/record_reports.h"
#include "scheduler/simulator/simulated_cell.h"
#include "tests/catch.h"
#include "tests/scheduler/one_cell.h"

using namespace pado::scheduler;
using namespace pado::scheduler::test;

namespace {

using Sinrs = std::array<float, kMaxRbgs>;

Scenario uplink() {
  Scenario scenario;
  scenario.shape = contiguous_shape();
  scenario.users = 8;
  scenario.speeds_kmh = {3, 30};
  return scenario;
}

double geometric_mean_bps(const char* policy, const Scenario& scenario, int seeds, int slots) {
  double sum = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    SimulatedCell cell(scenario, seed, make_policy(policy));
    cell.run(400);
    cell.start_counting();
    cell.run(slots);
    for (const UserTotals& user : cell.totals()) {
      sum += std::log(std::max(user.throughput_bps(scenario.shape.slot_s), 1e3));
    }
    CHECK(cell.scheduler().counters().fallbacks == 0);
  }
  return std::exp(sum / seeds / scenario.users);
}

/// Users that stand still without neighbours, noise or steps: their channel is a constant.
Scenario standing() {
  Scenario scenario;
  scenario.users = 4;
  scenario.speeds_kmh = {0};
  scenario.delay_spread_s = 1e-12;
  scenario.inr_mean_db = -60;
  scenario.snr_sigma_db = 0;
  return scenario;
}

}  // namespace

TEST_CASE("simulator: fading has the power 1, and J0 for its autocorrelation", "[simulator]") {
  Scenario scenario;
  const double doppler_hz = 30 / 3.6 * scenario.carrier_hz / 299792458;
  const std::vector<int> lags{0, 5, 10, 20, 40};
  std::vector<double> sums(lags.size());
  int samples = 0;
  for (int user = 0; user < 64; ++user) {
    const Fading fading(scenario, 30, 5, user);
    for (int tap = 0; tap < kTaps; ++tap) {
      for (int slot = 0; slot < 2000; slot += 40, ++samples) {
        const auto now = fading.tap(0, tap, slot);
        for (std::size_t i = 0; i < lags.size(); ++i) {
          const auto then = fading.tap(0, tap, slot + lags[i]);
          sums[i] += now[0] * then[0] + now[1] * then[1];
        }
      }
    }
  }
  for (std::size_t i = 0; i < lags.size(); ++i) {
    const double expected = std::cyl_bessel_j(0, 2 * std::numbers::pi * doppler_hz * lags[i] * 500e-6);
    INFO("lag " << lags[i]);
    CHECK(std::abs(sums[i] / samples - expected) < 0.04);
  }
}

TEST_CASE("simulator: taps and antennas fade apart, frequencies far from one another too", "[simulator]") {
  const Scenario scenario;
  const FrequencyResponse response(scenario);
  double together = 0, squares = 0, mean = 0;
  constexpr int kUsers = 4000;
  for (int user = 0; user < kUsers; ++user) {
    Sinrs power;
    Fading(scenario, 3, 9, user).power(response, 0, power);
    mean += power[0] / kUsers;
    together += (power[0] - 1) * (power[9] - 1) / kUsers;
    squares += (power[0] - 1) * (power[0] - 1) / kUsers;
  }
  CHECK(mean == Approx(1).margin(0.05));
  CHECK(squares == Approx(0.5).margin(0.06));  // two antennas of equal mean
  CHECK(std::abs(together) < 0.06);
}

TEST_CASE("simulator: reports are late, staggered, noisy, and in steps", "[simulator]") {
  Scenario scenario;
  scenario.users = 20;
  SimulatedCell cell(scenario, 3, make_policy("rr"));
  double error = 0, squares = 0;
  int values = 0, reports = 0;
  for (int slot = 0; slot < 2000; ++slot) {
    cell.step();
    CHECK((slot < 4 || std::popcount(cell.arrived()) == 4));
    for (std::uint64_t left = cell.arrived(); left != 0; left &= left - 1, ++reports) {
      const int user = std::countr_zero(left);
      const CqiReport& report = cell.scheduler().cell().users[user].reports[0];
      REQUIRE(report.measured_slot == slot - 4);
      CHECK(report.measured_slot % 5 == user % 5);
      Sinrs truth;
      cell.channel().reportable_db(user, report.measured_slot, truth);
      for (int r = 0; r < 18; ++r) {
        const float s = report.sinr_db[r];
        if (s != std::round(s / 2) * 2 || s < -8 || s > 26) FAIL("a report of " << s << " dB");
        if (truth[r] < -4 || truth[r] > 22) continue;
        error += s - truth[r];
        squares += (s - truth[r]) * (s - truth[r]);
        ++values;
      }
    }
  }
  CHECK(reports == 4 * 1996);
  CHECK(std::abs(error / values) < 0.05);
  CHECK(squares / values == Approx(1 + 4.0 / 12).epsilon(0.05));  // noise and steps of 2 dB
}

TEST_CASE("simulator: the same seed gives the same run, another seed another", "[simulator]") {
  for (const char* policy : {"pf", "rr", "maxcqi"}) {
    Scenario scenario = uplink();
    scenario.bursts_each = 2;
    const auto totals = [&](std::uint64_t seed) {
      SimulatedCell cell(scenario, seed, make_policy(policy));
      cell.run(1500);
      std::vector<std::int64_t> numbers;
      for (const UserTotals& user : cell.totals()) {
        for (const auto n : {user.delivered_bits, user.active_slots, user.first_losses, user.lost_blocks}) {
          numbers.push_back(n);
        }
      }
      return numbers;
    };
    CHECK(totals(1) == totals(1));
    CHECK(totals(1) != totals(2));
  }
}

TEST_CASE("simulator: the channel, its reports and the coins do not depend on the policy", "[simulator]") {
  const Scenario scenario = uplink();
  SimulatedCell one(scenario, 4, make_policy("rr")), other(scenario, 4, make_policy("maxcqi"));
  for (int slot = 0; slot < 500; ++slot) {
    one.step();
    other.step();
    REQUIRE(one.arrived() == other.arrived());
    for (std::uint64_t left = one.arrived(); left != 0; left &= left - 1) {
      const int user = std::countr_zero(left);
      REQUIRE(one.scheduler().cell().users[user].reports[0].sinr_db ==
              other.scheduler().cell().users[user].reports[0].sinr_db);
    }
  }
}

TEST_CASE("simulator: what is lost once is received when combined", "[simulator]") {
  const Scenario scenario = standing();
  const CellChannel channel(scenario, 8);
  const LinkTable link(scenario.shape.mcs_table);
  Sinrs sinr;
  channel.sinr(0, 0, sinr);
  const float sinr_db = to_db(sinr[0]);
  int mcs = 0;  // two transmissions are enough with 3.3 dB more, one is not
  while (link.threshold_db(mcs) < sinr_db + 1.3F) ++mcs;
  REQUIRE(link.threshold_db(mcs) < sinr_db + 2.5F);
  SimulatedCell cell(scenario, 8, scripted([mcs](auto&, const FreeResources& free, SlotAllocation& allocation) {
                       UserAllocation block;
                       block.rbgs = 0x3;
                       block.mcs = mcs;
                       if ((free.users & 1) != 0 && (free.rbgs & 3) == 3) allocation.add(block);
                     }));
  cell.run(1000);
  const UserTotals& user = cell.totals()[0];
  CHECK(user.first_transmissions > 400);
  CHECK(user.first_losses > 0.98 * static_cast<double>(user.first_transmissions));
  CHECK(user.lost_blocks == 0);
  CHECK(user.delivered_bits > 0);
}

TEST_CASE("simulator: the outer loop keeps the BLER at its target", "[simulator]") {
  Scenario scenario = uplink();
  for (const double target : {0.1, 0.3}) {
    Knobs knobs;
    knobs.bler_target = target;
    SimulatedCell cell(scenario, 2, make_policy("pf", knobs));
    cell.run(1000);
    cell.start_counting();
    cell.run(6000);
    double lost = 0, sent = 0;
    for (const UserTotals& user : cell.totals()) {
      lost += static_cast<double>(user.first_losses);
      sent += static_cast<double>(user.first_transmissions);
    }
    CHECK(lost / sent == Approx(target).margin(0.05));
  }
}

TEST_CASE("simulator: files arrive, are delivered whole and faster than a full cell's share", "[simulator]") {
  Scenario scenario;
  scenario.bursts_each = 4;
  scenario.users = 8;
  SimulatedCell cell(scenario, 6, make_policy("pf"));
  cell.run(6000);
  for (const UserTotals& user : cell.totals()) {
    CHECK(user.delivered_bits > 0);
    if (user.traffic == TrafficClass::bursts) {
      CHECK(user.active_slots < 6000);
      CHECK(user.delivered_bits < 60 * 8 * 250e3);
    }
  }
}

TEST_CASE("simulator: proportional fair beats round robin and maximum CQI in the geometric mean", "[simulator]") {
  for (const bool contiguous : {false, true}) {
    Scenario scenario;
    scenario.users = 12;
    if (contiguous) scenario.shape = contiguous_shape();
    const double pf = geometric_mean_bps("pf", scenario, 3, 2000);
    CHECK(pf > 1.15 * geometric_mean_bps("rr", scenario, 3, 2000));
    CHECK(pf > 1.5 * geometric_mean_bps("maxcqi", scenario, 3, 2000));
  }
}

TEST_CASE("simulator: a recorded report comes with the truth of the slots in which it is used", "[simulator]") {
  const Scenario scenario = uplink();
  SimulatedCell cell(scenario, 7, make_policy("rr"));
  int records = 0;
  record_reports(cell, 300, 100, [&](const RecordedReport& record) {
    ++records;
    const auto& reports = record.cell.users[record.user].reports;
    REQUIRE(record.cell.age(reports[0]) == record.first_age);
    Sinrs truth;
    for (int i = 0; i < kRecordedAges; ++i) {
      cell.channel().reportable_db(record.user, reports[0].measured_slot + record.first_age + i, truth);
      REQUIRE(truth == record.truth_db[i]);
    }
  });
  CHECK(records == 320);
}
