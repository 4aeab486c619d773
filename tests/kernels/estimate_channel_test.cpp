// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/estimate_channel.h"

#include <cmath>
#include <limits>

#include "tests/kernels/dmrs_slot.h"
#include "tests/reference/estimate_channel.h"

using namespace pado;
using reference::Complex;

namespace {

const std::vector<std::vector<int>> kPorts{{0}, {1}, {2}, {3}, {0, 1}, {0, 2}, {1, 3}, {2, 3}, {0, 3}, {1, 2}};
const std::vector<std::vector<int>> kDmrsSymbols{{2}, {2, 11}, {3, 7, 11}, {2, 5, 8, 11}, {2, 3}, {2, 3, 10, 11}};

struct Errors {
  double channel = 0, covariance = 0, time_gain = 0;
};

void raise(double& worst, double error) {
  if (!(error <= worst)) worst = error;  // a NaN shows as well
}

Errors errors_of(const DmrsShape& s, const tests::Estimated& got, const reference::ChannelEstimate& expected) {
  Errors worst;
  for (int row = 0; row < s.antennas * s.layers * kMaxBranches; ++row) {
    if (row % kMaxBranches >= expected.branches) continue;
    // A small branch is measured against the large one of its antenna and layer.
    const auto& scale_row = expected.channel[static_cast<std::size_t>(row / kMaxBranches * kMaxBranches)];
    double power = 0;
    for (const Complex h : scale_row) power += std::norm(h) / (12 * s.prbs);
    for (int k = 0; k < 12 * s.prbs; ++k) {
      const Complex h = reference::wide(got.channel[static_cast<std::size_t>(row * s.channel_stride + k)]);
      raise(worst.channel, std::abs(h - expected.channel[static_cast<std::size_t>(row)][k]) / std::sqrt(power));
    }
  }
  for (int prb = 0; prb < s.prbs; ++prb) {
    const auto& r = expected.covariance[static_cast<std::size_t>(prb)];
    for (int i = 0; i < s.antennas; ++i) {
      for (int j = 0; j < s.antennas; ++j) {
        if (i / kCovarianceBlock != j / kCovarianceBlock) continue;
        const int at = i * covariance_columns(s.antennas) + j % kCovarianceBlock;
        const Complex x = reference::wide(got.covariance[static_cast<std::size_t>(at * s.covariance_stride + prb)]);
        raise(worst.covariance, std::abs(x - r(i, j)) / std::sqrt(r(i, i).real() * r(j, j).real()));
      }
    }
  }
  for (int i = 0; i < expected.branches * kSymbolsPerSlot; ++i)
    raise(worst.time_gain, std::abs(reference::wide(got.summary.time_gain[i]) - expected.time_gain[i]));
  return worst;
}

void check_slot(const tests::DmrsSlot& slot, const tests::Estimated& got, const reference::ChannelEstimate& expected) {
  const DmrsShape& s = slot.shape;
  const ChannelSummary& summary = got.summary;
  REQUIRE(summary.usable == expected.usable);
  REQUIRE(summary.branches == expected.branches);
  CHECK(std::abs(summary.cfo_hz - expected.cfo_hz) < 0.01);
  CHECK(std::abs(summary.timing_offset_s - expected.timing_offset_s) < 1e-12);
  CHECK(std::abs(summary.doppler_hz - expected.doppler_hz) < 1);
  CHECK(summary.signal_power == Approx(expected.signal_power).epsilon(1e-4));
  double mean = 0;
  for (int a = 0; a < s.antennas; ++a) {
    CHECK(summary.noise[a] == Approx(expected.noise[static_cast<std::size_t>(a)]).epsilon(1e-3));
    mean += expected.noise[static_cast<std::size_t>(a)] / s.antennas;
  }
  CHECK(summary.noise_power == Approx(mean).epsilon(1e-3));
  const Errors worst = errors_of(s, got, expected);
  CHECK(worst.channel < 3e-5);
  CHECK(worst.covariance < 2e-4);
  CHECK(worst.time_gain < 2e-4);
}

reference::ChannelEstimate expected_of(const tests::DmrsSlot& slot) {
  return reference::ChannelEstimator(slot.shape, slot.grid, slot.pilots).run();
}

std::string text_of(const tests::DmrsCase& c) {
  std::string text = std::to_string(c.prbs) + " PRB, " + std::to_string(c.antennas) + " antennas, ports";
  for (const int port : c.ports) text.append(" ").append(std::to_string(port));
  return text + ", " + std::to_string(c.symbols.size()) + " DM-RS symbols";
}

bool all_zero(const std::vector<cf32>& values) {
  return std::all_of(values.begin(), values.end(), [](cf32 v) { return v == cf32{}; });
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("channel: all ports and DM-RS positions give what the documented steps give",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  unsigned seed = 0;
  for (const auto& ports : kPorts) {
    for (const auto& symbols : kDmrsSymbols) {
      const tests::DmrsCase c{.prbs = 5, .antennas = 2, .ports = ports, .symbols = symbols};
      INFO(text_of(c));
      const auto slot = tests::random_slot(
          c, {.snr_db = 15, .delay_s = 200e-9, .delay_spread_s = 100e-9, .cfo_hz = 150, .doppler_hz = 300}, ++seed);
      const auto expected = expected_of(slot);
      tests::for_each_way_to_run<TestType>([&] { check_slot(slot, estimate(slot), expected); });
    }
  }
}

TEMPLATE_LIST_TEST_CASE(
    "channel: every set of ports of both types, with and without others beside them, is as documented",
    "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  struct Ports {
    int type, length;
    std::vector<int> own, others;
  };
  const std::vector<Ports> cases{
      {1, 1, {0, 1, 2}, {}},     {1, 1, {3, 2, 1, 0}, {}}, {1, 1, {0}, {1}},
      {1, 1, {1}, {0, 2}},       {1, 1, {0, 2}, {1, 3}},   {1, 2, {4}, {}},
      {1, 2, {7, 2}, {}},        {1, 2, {0, 4}, {}},       {1, 2, {0, 1, 4, 5}, {}},
      {1, 2, {6}, {2}},          {1, 2, {5}, {0, 1, 4}},   {1, 2, {0, 2, 4, 6}, {1, 3, 5, 7}},
      {2, 1, {0}, {}},           {2, 1, {3}, {}},          {2, 1, {4, 5}, {}},
      {2, 1, {0, 2, 4}, {}},     {2, 1, {2}, {3}},         {2, 1, {5}, {0, 1, 4}},
      {2, 2, {6, 8, 10, 0}, {}}, {2, 2, {11}, {5}},        {2, 2, {0, 1, 6, 7}, {2}},
      {2, 2, {9}, {8, 3, 2}}};
  for (const int antennas : {2, 5}) {
    tests::Estimator<TestType> estimate(30000, 273, antennas);
    unsigned seed = 200;
    for (const Ports& ports : cases) {
      for (const int prbs : {1, 2, 5, 11}) {
        const bool two_places = (seed + static_cast<unsigned>(prbs)) % 2 == 0;
        const std::vector<int> symbols = ports.length == 2
                                             ? (two_places ? std::vector{2, 3, 10, 11} : std::vector{2, 3})
                                             : (two_places ? std::vector{2, 7, 11} : std::vector{2});
        const tests::DmrsCase c{.prbs = prbs,
                                .antennas = antennas,
                                .ports = ports.own,
                                .symbols = symbols,
                                .type = ports.type,
                                .length = ports.length,
                                .others = ports.others};
        INFO(text_of(c) << ", type " << ports.type << ", " << ports.others.size() << " others");
        const auto slot = tests::random_slot(
            c, {.snr_db = 20, .delay_s = 150e-9, .delay_spread_s = 60e-9, .cfo_hz = 120, .doppler_hz = 200}, ++seed);
        check_slot(slot, estimate(slot), expected_of(slot));
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel: many antennas give what the documented steps give", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const int antennas : {6, 8, 9, 64}) {
    tests::Estimator<TestType> estimate(30000, 12, antennas);
    for (const double interferer_db : {-1000.0, 10.0}) {
      const tests::DmrsCase c{
          .prbs = antennas == 64 ? 2 : 12, .antennas = antennas, .ports = {0, 1}, .symbols = {2, 11}};
      INFO(text_of(c));
      const auto slot = tests::random_slot(c, {.snr_db = 20, .interferer_db = interferer_db}, 7);
      check_slot(slot, estimate(slot), expected_of(slot));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel: users that share rows write their own part of them, and zeros beside it",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  auto slot = tests::random_slot({.prbs = 5, .antennas = 2, .ports = {0, 2}, .symbols = {2, 11}}, {});
  const auto alone = estimate(slot);
  DmrsShape& s = slot.shape;
  s.channel_layers = 4;
  s.first_layer = 1;
  s.channel_offset = 36;
  s.channel_stride = 192;
  for (const bool silent : {false, true}) {
    if (silent) std::fill(slot.grid.begin(), slot.grid.end(), cf32{});
    const auto got = estimate(slot);
    int different = 0;
    for (int row = 0; row < 2 * 4 * kMaxBranches; ++row) {
      const int antenna = row / (4 * kMaxBranches), layer = row / kMaxBranches % 4 - 1, branch = row % kMaxBranches;
      for (int k = 0; k < 192; ++k) {
        const cf32 x = got.channel[static_cast<std::size_t>(row * 192 + k)];
        if (layer < 0 || layer >= 2) {
          different += x == cf32{4711, 4711} ? 0 : 1;
        } else if (k < 36 || k >= 96 || silent) {
          different += x == cf32{} ? 0 : 1;
        } else if (branch < alone.summary.branches) {
          const int old_row = (antenna * 2 + layer) * kMaxBranches + branch;
          different += x == alone.channel[static_cast<std::size_t>(old_row * 64 + k - 36)] ? 0 : 1;
        }
      }
    }
    CHECK(different == 0);
  }
}

TEMPLATE_LIST_TEST_CASE("channel: all widths and antennas give what the documented steps give", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  for (const int scs_hz : {15000, 30000}) {
    tests::Estimator<TestType> estimate(scs_hz);
    unsigned seed = 100;
    for (const int prbs : {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 51, 106, 273}) {
      if (scs_hz == 15000 && prbs > 106) continue;
      for (int antennas = 1; antennas <= 4; ++antennas) {
        if (prbs > 60 && antennas % 2 == 1) continue;
        const bool pair = antennas > 1 && (prbs + antennas) % 2 == 0;
        const tests::DmrsCase c{.prbs = prbs,
                                .antennas = antennas,
                                .ports = pair ? std::vector{0, antennas % 2 == 0 ? 1 : 2} : std::vector{prbs % 4},
                                .symbols = kDmrsSymbols[static_cast<std::size_t>(prbs % 4)],
                                .scs_hz = scs_hz};
        INFO(text_of(c) << ", " << scs_hz << " Hz");
        const auto slot = tests::random_slot(c, {.snr_db = 20, .delay_s = -100e-9, .delay_spread_s = 50e-9}, ++seed);
        const auto expected = expected_of(slot);
        tests::for_each_way_to_run<TestType>([&] { check_slot(slot, estimate(slot), expected); });
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel: an interferer shows in the covariance as documented", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  for (const double interferer_db : {0.0, 10.0, 20.0}) {
    for (const int antennas : {2, 3, 4}) {
      const tests::DmrsCase c{.prbs = 11, .antennas = antennas, .ports = {0, 1}, .symbols = {2, 11}};
      const auto slot = tests::random_slot(c, {.snr_db = 20, .interferer_db = interferer_db}, 7);
      check_slot(slot, estimate(slot), expected_of(slot));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel: where powers alone count, an interferer is noise at each antenna",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  auto slot = tests::random_slot({.prbs = 11, .antennas = 3, .ports = {0}, .symbols = {2, 11}},
                                 {.snr_db = 20, .interferer_db = 20}, 7);
  const auto with = estimate(slot);
  slot.shape.powers_alone = true;
  const auto without = estimate(slot);
  for (int i = 0; i < 3; ++i) {
    CHECK(without.summary.noise[i] == with.summary.noise[i]);
    for (int j = 0; j < 3; ++j) {
      const float size = norm(without.covariance[static_cast<std::size_t>((i * 3 + j) * slot.shape.covariance_stride)]);
      CHECK((size > 0) == (i == j));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel: the unit of the samples does not matter", "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  auto slot = tests::random_slot({.prbs = 11, .antennas = 2, .ports = {0, 2}, .symbols = {2, 11}}, {.cfo_hz = 100});
  const auto first = estimate(slot);
  for (const float unit : {1e-4F, 1e4F}) {
    auto scaled = slot;
    for (cf32& y : scaled.grid) y = unit * y;
    const auto got = estimate(scaled);
    CHECK(got.summary.cfo_hz == Approx(first.summary.cfo_hz).epsilon(1e-4));
    CHECK(got.summary.signal_power == Approx(unit * unit * first.summary.signal_power).epsilon(1e-4));
    CHECK(got.summary.noise_power == Approx(unit * unit * first.summary.noise_power).epsilon(1e-4));
    CHECK(got.channel[100].re == Approx(unit * first.channel[100].re).epsilon(1e-3));
    CHECK(got.covariance[5].re == Approx(unit * unit * first.covariance[5].re).epsilon(1e-3));
  }
}

TEMPLATE_LIST_TEST_CASE("channel: the covariance is Hermitian and positive definite", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  for (const double snr_db : {-10.0, 20.0, 60.0}) {
    const auto slot = tests::random_slot({.prbs = 11, .antennas = 4, .ports = {0, 1}, .symbols = {2}},
                                         {.snr_db = snr_db, .delay_spread_s = 100e-9, .interferer_db = 10}, 3);
    const auto got = estimate(slot);
    for (int prb = 0; prb < 11; ++prb) {
      const auto at = [&](int i, int j) { return got.covariance[static_cast<std::size_t>((i * 4 + j) * 16 + prb)]; };
      interference::Matrix a{}, v{};
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 4; ++j) {
          a.at[i][j] = at(i, j);
          CHECK(std::abs(reference::wide(at(i, j)) - std::conj(reference::wide(at(j, i)))) <= 1e-5 * at(i, i).re);
        }
      }
      interference::diagonalise(a, v, 4);
      for (int i = 0; i < 4; ++i) CHECK(a.at[i][i].re > 0);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("channel: silence, a NaN and an infinity are unusable, and all outputs zero",
                        "[kernels][channel]", BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  const tests::DmrsCase c{.prbs = 11, .antennas = 2, .ports = {0, 1}, .symbols = {2, 11}};
  const auto good = tests::random_slot(c, {});
  const std::size_t pilot = static_cast<std::size_t>((14 + 11) * good.shape.grid_stride + good.shape.first_subcarrier);
  for (const float bad : {0.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto slot = good;
    if (bad == 0) std::fill(slot.grid.begin(), slot.grid.end(), cf32{});
    slot.grid[pilot + 24].im = bad;
    const auto got = estimate(slot);
    INFO(bad);
    CHECK_FALSE(got.summary.usable);
    CHECK(got.summary.branches == 0);
    CHECK(got.summary.noise_power == 0);
    CHECK(got.summary.cfo_hz == 0);
    CHECK(all_zero(got.channel));
    CHECK(all_zero(got.covariance));
  }
  CHECK(estimate(good).summary.usable);  // nothing stays behind
}

TEMPLATE_LIST_TEST_CASE("channel: what lies outside the allocation and its pilots does not count", "[kernels][channel]",
                        BuiltBackends) {
  if (!tests::ready<TestType>()) return;
  tests::Estimator<TestType> estimate(30000);
  const auto slot = tests::random_slot({.prbs = 5, .antennas = 2, .ports = {0}, .symbols = {2, 11}}, {});
  const auto clean = estimate(slot);
  auto dirty = slot;
  const DmrsShape& s = slot.shape;
  for (std::size_t i = 0; i < dirty.grid.size(); ++i) {
    const int row = static_cast<int>(i) / s.grid_stride % kSymbolsPerSlot;
    const int k = static_cast<int>(i) % s.grid_stride - s.first_subcarrier;
    const bool is_pilot = (row == 2 || row == 11) && k >= 0 && k < 12 * s.prbs && k % 2 == 0;
    if (!is_pilot) dirty.grid[i] = {std::numeric_limits<float>::quiet_NaN(), 1e20F};
  }
  const auto got = estimate(dirty);
  REQUIRE(got.summary.usable);
  int different = 0;
  for (int k = 0; k < 12 * s.prbs; ++k)
    different += tests::channel_of(s, got, 1, 0, 0, k) == tests::channel_of(s, clean, 1, 0, 0, k) ? 0 : 1;
  CHECK(different == 0);
}
