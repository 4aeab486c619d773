// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Our transmitter against our receiver: many layers, every DM-RS port, and users on the same PRBs.
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/pusch/receiver.h"
#include "tests/catch.h"
#include "tests/phy/link.h"

using namespace pado;
using link::Link;

namespace {

/// Each layer at an angle of its own, as an array of half-wavelength spacing sees it: layers can be told apart.
propagation::Gains apart(int antennas, int layers, int first) {
  propagation::Gains gains = propagation::phase_gains(antennas, layers, 1, 1);
  for (int a = 0; a < antennas; ++a)
    for (int l = 0; l < layers; ++l) {
      const double sine = -0.9 + 1.8 * (first + l + 0.5) / std::max(antennas, 2);
      gains.values[static_cast<std::size_t>(a * layers + l)] = std::polar(1.0, std::numbers::pi * a * sine);
    }
  return gains;
}

link::User& add_user(Link& link, const std::vector<int>& ports, int first_layer) {
  auto& user = link.add_user();
  auto& g = user.grant;
  g.n_id = 100 + first_layer;
  g.layers = static_cast<int>(ports.size());
  g.dmrs.ports = ports;
  user.path.gains = apart(link.carrier.antennas, g.layers, first_layer);
  return user;
}

void use_type(nr::PuschGrant& g, int type, int length) {
  g.dmrs.type = type;
  g.dmrs.length = length;
  g.dmrs.cdm_groups_without_data = nr::dmrs_cdm_groups(type);
  g.dmrs.power_boost_db = nr::dmrs_power_boost_db(g.dmrs.cdm_groups_without_data);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("receiver: one to four layers on up to 64 antennas decode", "[receiver][mimo]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (const int antennas : {3, 4, 5, 6, 7, 8, 9, 16, 64}) {
    for (int layers = 1; layers <= 4; ++layers) {
      if (layers > antennas || (antennas > 8 && layers % 2 == 1)) continue;
      Link link;
      link.carrier.antennas = antennas;
      link.snr_db = 30;
      std::vector<int> ports{0, 1, 2, 3};
      ports.resize(static_cast<std::size_t>(layers));
      auto& g = add_user(link, ports, 0).grant;
      g.prb_count = antennas == 64 ? 3 : 13;
      g.modulation = layers == 3 ? nr::Modulation::qam64 : layers == 4 ? nr::Modulation::qam256 : nr::Modulation::qam16;
      g.code_rate_x1024 = 500;
      INFO(link::describe(link));
      const auto outcome = link::run<TestType>(link);
      CHECK(outcome.all_right());
      // All antennas gain, less the little that other layers and the estimate cost.
      CHECK(outcome.report.ues[0].sinr_db > 30 + 10 * std::log10(antennas) - 4);
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: every DM-RS port of both types decodes, alone and with three others",
                        "[receiver][mimo]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  int decoded = 0;
  for (const int type : {1, 2}) {
    for (const int length : {1, 2}) {
      const int ports = nr::dmrs_ports(type, length);
      for (int port = 0; port < ports; ++port) {
        for (const int layers : {1, 4}) {
          std::vector<int> own;
          for (int layer = 0; layer < layers; ++layer) own.push_back((port + layer * (ports > 6 ? 3 : 1)) % ports);
          Link link;
          link.carrier.antennas = 4;
          link.snr_db = 30;
          auto& g = add_user(link, own, 0).grant;
          use_type(g, type, length);
          g.prb_start = 5;
          g.prb_count = 1 + port % 7;
          g.dmrs.additional_position = (port + layers) % 2;
          g.code_rate_x1024 = 350;
          INFO(link::describe(link) << " type " << type << " port " << port);
          CHECK(link::run<TestType>(link).all_right());
          ++decoded;
        }
      }
    }
  }
  CHECK(decoded == 2 * (4 + 8 + 6 + 12));
}

TEMPLATE_LIST_TEST_CASE("receiver: DM-RS type 2 leaves data beside one and two CDM groups", "[receiver][mimo]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (const int groups : {1, 2}) {
    for (const int prbs : {1, 3, 25}) {
      Link link;
      link.carrier.antennas = 2;
      link.snr_db = 35;
      auto& g = link.add_user().grant;
      g.prb_count = prbs;
      g.dmrs.type = 2;
      g.dmrs.cdm_groups_without_data = groups;
      g.dmrs.power_boost_db = nr::dmrs_power_boost_db(groups);
      g.modulation = nr::Modulation::qam64;
      INFO(link::describe(link) << " groups " << groups);
      CHECK(link::run<TestType>(link).all_right());
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: users on the same PRBs with ports of their own decode", "[receiver][mimo]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  struct Users {
    int type, length, antennas;
    std::vector<std::vector<int>> ports;
  };
  for (const Users& c : {Users{1, 1, 2, {{0}, {2}}}, Users{1, 1, 4, {{0}, {1}}}, Users{1, 1, 4, {{1, 0}, {3}}},
                         Users{1, 1, 8, {{0}, {1}, {2}, {3}}}, Users{1, 2, 8, {{0}, {4}, {1}, {6}}},
                         Users{1, 2, 8, {{0, 2}, {5, 7}}}, Users{2, 1, 8, {{0}, {1}, {4}, {2, 3}}},
                         Users{2, 2, 16, {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11}}},
                         Users{2, 2, 16, {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}}}}) {
    for (const int prbs : {4, 24}) {
      Link link;
      link.carrier.antennas = c.antennas;
      link.snr_db = 25;
      int layers = 0;
      for (const auto& ports : c.ports) {
        auto& user = add_user(link, ports, layers);
        user.grant.prb_count = prbs;
        use_type(user.grant, c.type, c.length);
        user.grant.code_rate_x1024 = 350;
        user.path.delay_s = 4e-8 * layers;
        user.path.cfo_hz = 30 * layers - 60;
        user.path.gain_db = layers % 3 - 1;
        layers += static_cast<int>(ports.size());
      }
      INFO(link::describe(link));
      const auto outcome = link::run<TestType>(link);
      CHECK(outcome.all_right());
      for (std::size_t u = 0; u < link.users.size(); ++u) {
        CHECK(outcome.report.ues[u].timing_offset_ns == Approx(1e9 * link.users[u].path.delay_s).margin(40));
        CHECK(outcome.report.ues[u].cfo_hz == Approx(link.users[u].path.cfo_hz).margin(30));
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: allocations that overlap in part, in frequency or in time, decode",
                        "[receiver][mimo]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.carrier.antennas = 4;
  link.snr_db = 28;
  const auto user = [&](int port, int prb_start, int prb_count) -> nr::PuschGrant& {
    auto& g = add_user(link, {port}, static_cast<int>(link.users.size())).grant;
    g.prb_start = prb_start;
    g.prb_count = prb_count;
    return g;
  };
  SECTION("in frequency, one of them with nobody beside it at all") {
    user(0, 0, 20);
    user(1, 12, 30);
    user(2, 18, 4);
    user(0, 45, 6);
  }
  SECTION("in time") {
    user(0, 0, 20);
    auto& later = user(2, 10, 20);
    later.mapping_type = nr::MappingType::b;
    later.symbol_start = 7;
    later.symbol_count = 7;
    auto& early = user(3, 4, 16);
    early.symbol_count = 7;
  }
  CHECK(link::run<TestType>(link).all_right());
}

TEMPLATE_LIST_TEST_CASE("receiver: a user who does not send, or was granted nonsense, changes nothing beside it",
                        "[receiver][mimo]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.carrier.antennas = 4;
  link.snr_db = 12;
  add_user(link, {0}, 0).grant.prb_count = 20;
  auto& neighbour = add_user(link, {0}, 1).grant;  // beside the others
  neighbour.prb_start = 30;
  neighbour.prb_count = 21;
  auto& wrong = add_user(link, {2}, 2).grant;
  wrong.prb_start = 10;
  wrong.prb_count = 20;
  link.complete();
  Link silent = link;
  silent.users[2].path.gain_db = -300;
  const auto samples = silent.samples();
  const auto with_silent = link::LinkReceiver<TestType>(link).receive(silent, samples);
  CHECK(with_silent.match[0]);
  CHECK(with_silent.match[1]);
  CHECK_FALSE(with_silent.match[2]);
  const auto same = [](const pusch::UeReport& a, const pusch::UeReport& b) {
    return a.crc_ok == b.crc_ok && a.sinr_db == b.sinr_db && a.evm_percent == b.evm_percent && a.cfo_hz == b.cfo_hz &&
           a.timing_offset_ns == b.timing_offset_ns && a.ldpc_iterations == b.ldpc_iterations;
  };
  for (const int identity : {7, 8}) {  // of another cell, or garbled
    Link nonsense = silent;
    nonsense.users[2].grant.dmrs.n_id = identity;
    nonsense.users[2].grant.modulation = nr::Modulation::qam256;
    nonsense.users[2].grant.tbs_bits = 0;
    nonsense.users[2].payload.clear();
    nonsense.complete();
    const auto outcome = link::LinkReceiver<TestType>(nonsense).receive(nonsense, samples);
    CHECK(outcome.match[0]);
    CHECK(outcome.match[1]);
    CHECK(same(outcome.report.ues[1], with_silent.report.ues[1]));
  }
  Link alone = silent;
  alone.users.resize(2);
  const auto without = link::LinkReceiver<TestType>(alone).receive(alone, samples);
  CHECK(same(without.report.ues[1], with_silent.report.ues[1]));
}

TEMPLATE_LIST_TEST_CASE("receiver: a user whose DM-RS are lost costs those on its PRBs no more than its interference",
                        "[receiver][mimo]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.carrier.antennas = 8;
  link.snr_db = 25;
  auto& early = add_user(link, {0}, 0).grant;
  early.symbol_count = 7;
  early.dmrs.additional_position = 0;
  auto& late = add_user(link, {2}, 4).grant;
  late.mapping_type = nr::MappingType::b;
  late.symbol_start = 5;
  late.symbol_count = 9;
  late.dmrs.additional_position = 0;
  for (link::User& user : link.users) {
    user.grant.modulation = nr::Modulation::qpsk;
    user.grant.code_rate_x1024 = 308;
  }
  link.complete();
  link::LinkReceiver<TestType> receiver(link);
  CHECK(receiver.receive(link).all_right());
  link.lost_symbols.assign(8, 1U << 2);  // the first one's DM-RS
  const auto outcome = receiver.receive(link);
  CHECK(outcome.report.ues[0].status == pusch::UeStatus::samples_lost);
  CHECK(outcome.match[1]);
}

TEMPLATE_LIST_TEST_CASE(
    "receiver: where pairs of DM-RS symbols tell ports apart, the loss of one leaves the other pair",
    "[receiver][mimo][erasure]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.carrier.antennas = 4;
  link.snr_db = 25;
  for (const int port : {0, 4}) {
    auto& g = add_user(link, {port}, port / 4).grant;
    g.prb_count = 20;
    use_type(g, 1, 2);
    g.modulation = nr::Modulation::qpsk;
    g.code_rate_x1024 = 308;
  }
  link.complete();
  link::LinkReceiver<TestType> receiver(link);
  for (const int symbol : {2, 3, 10, 11}) {
    INFO("symbol " << symbol);
    link.lost_symbols.assign(4, static_cast<std::uint16_t>(1U << symbol));
    CHECK(receiver.receive(link).all_right());
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: IRC beats MMSE beside another cell, MMSE beats MRC beside another layer",
                        "[receiver][mimo]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  const auto report_of = [](Link link, Combining combining) {
    link.complete();
    link::LinkReceiver<TestType> receiver(link);
    receiver.planner().combine_by(combining);
    return receiver.receive(link).report.ues[0];
  };
  Link two_layers;
  two_layers.carrier.antennas = 4;
  two_layers.snr_db = 25;
  add_user(two_layers, {0, 1}, 0).path.gains = propagation::rayleigh_gains(4, 2, 3, 1);
  CHECK(report_of(two_layers, Combining::mmse).evm_percent < 0.7F * report_of(two_layers, Combining::mrc).evm_percent);
  Link interfered = two_layers;
  interfered.users[0].grant.layers = 1;
  interfered.users[0].grant.dmrs.ports = {0};
  interfered.users[0].path.gains = apart(4, 1, 0);
  interfered.interferers.push_back(interfered.users[0]);
  auto& other = interfered.interferers[0];
  other.grant.n_id = other.grant.dmrs.n_id = 777;
  other.path.gains = apart(4, 1, 2);
  CHECK(report_of(interfered, Combining::mmse_irc).sinr_db > report_of(interfered, Combining::mmse).sinr_db + 6);
}

TEST_CASE("plan: more layers on the same PRBs than there are ports are refused", "[mimo]") {
  Link link;
  link.carrier.antennas = 16;
  for (int user = 0; user < 4; ++user) {
    auto& g = add_user(link, {0, 1, 2, 3}, 4 * user).grant;
    g.dmrs.n_id = user;
  }
  std::vector<nr::PuschGrant> grants;
  for (const auto& user : link.users) grants.push_back(user.grant);
  CHECK_THROWS_WITH(pusch::limits_for_slot(link.carrier, grants), ContainsSubstring("16 layers share PRBs with it"));
  grants.pop_back();
  const auto limits = pusch::limits_for_slot(link.carrier, grants);
  CHECK(limits.group_layers == 12);
  CHECK(limits.group_ues == 3);
  pusch::Planner small(link.carrier, pusch::limits_for_slot(link.carrier, std::span(grants).first(2)));
  auto three = grants;
  CHECK_THROWS_WITH(small.plan(three, 1), ContainsSubstring("3 users in a slot"));
}
