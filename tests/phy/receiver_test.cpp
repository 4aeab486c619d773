// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Our transmitter against our receiver: every kind of configuration once, and the ranges of timing and CFO.
#include "phy/pusch/receiver.h"

#include <cmath>

#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/validate.h"
#include "tests/catch.h"
#include "tests/phy/link.h"

using namespace pado;
using link::Link;

namespace {

bool is_valid(const Link& link) {
  try {
    for (const link::User& user : link.users) nr::validate(user.grant, link.carrier);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("receiver: every MCS of every table decodes without noise", "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  int decoded = 0;
  for (const auto table : {nr::McsTable::qam64, nr::McsTable::qam256, nr::McsTable::qam64_low_se}) {
    for (int index = 0; index < 29; ++index) {
      const auto mcs = nr::mcs(table, index);
      if (!mcs) continue;
      Link link;
      link.seed = static_cast<std::uint64_t>(index);
      auto& user = link.add_user();
      user.grant.prb_start = index % 7;
      user.grant.prb_count = 1 + (index * 5) % 44;
      user.grant.modulation = mcs->modulation;
      user.grant.code_rate_x1024 = mcs->code_rate_x1024;
      if (!is_valid(link)) continue;
      INFO(link::describe(link));
      CHECK(link::run<TestType>(link).all_right());
      ++decoded;
    }
  }
  CHECK(decoded > 70);
}

TEMPLATE_LIST_TEST_CASE("receiver: every start, length and mapping type with every DM-RS position decodes",
                        "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  int decoded = 0, next = 0;
  for (const auto mapping : {nr::MappingType::a, nr::MappingType::b}) {
    for (int start = 0; start < 14; ++start) {
      for (int count = 1; start + count <= 14; ++count) {
        for (int variant = 0; variant < 16; ++variant) {
          if (variant != next % 16 && count != 14) continue;  // one variant a length, all of them for whole slots
          Link link;
          link.carrier = {
              .scs_hz = 15000, .carrier_prb = 20, .fft_size = 256, .phase_compensation_hz = 3.5e9, .antennas = 2};
          auto& user = link.add_user();
          auto& g = user.grant;
          g.symbol_start = start;
          g.symbol_count = count;
          g.mapping_type = mapping;
          g.dmrs.additional_position = variant % 4;
          g.dmrs.length = 1 + variant / 4 % 2;
          g.dmrs.type_a_position = 2 + variant / 8;
          g.dmrs.cdm_groups_without_data = 1 + next % 2;
          g.code_rate_x1024 = 300;
          if (!is_valid(link)) continue;
          INFO(link::describe(link));
          CHECK(link::run<TestType>(link).all_right());
          ++decoded;
        }
        ++next;
      }
    }
  }
  CHECK(decoded > 90);
}

TEMPLATE_LIST_TEST_CASE("receiver: layers, ports and antennas in every combination decode", "[receiver]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (int antennas = 1; antennas <= 4; ++antennas) {
    for (const auto& ports :
         std::vector<std::vector<int>>{{0}, {1}, {2}, {3}, {0, 1}, {2, 3}, {0, 2}, {1, 2}, {3, 0}}) {
      for (const auto modulation :
           {nr::Modulation::qpsk, nr::Modulation::qam16, nr::Modulation::qam64, nr::Modulation::qam256}) {
        if (static_cast<int>(ports.size()) > antennas) continue;
        Link link;
        link.carrier.antennas = antennas;
        link.snr_db = 40;
        auto& g = link.add_user().grant;
        g.prb_start = 7;
        g.prb_count = 13;
        g.layers = static_cast<int>(ports.size());
        g.dmrs.ports = ports;
        g.modulation = modulation;
        g.code_rate_x1024 = 600;
        INFO(link::describe(link) << " port " << ports[0]);
        CHECK(link::run<TestType>(link).all_right());
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: a single DM-RS comb leaves its symbol's other comb to data", "[receiver]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (const int prbs : {1, 2, 25}) {
    for (const int layers : {1, 2}) {
      Link link;
      link.carrier.antennas = 2;
      auto& g = link.add_user().grant;
      g.prb_count = prbs;
      g.layers = layers;
      g.dmrs.cdm_groups_without_data = 1;
      g.dmrs.power_boost_db = 0;
      g.modulation = nr::Modulation::qam64;
      INFO(link::describe(link));
      CHECK(link::run<TestType>(link).all_right());
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: odd FFT sizes, odd widths and every slot of a frame decode", "[receiver]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (const int fft : {128, 384, 768, 1536, 2048, 4096}) {
    for (const int scs_hz : {15000, 30000, 60000, 120000}) {
      Link link;
      link.as_ci16 = true;
      link.carrier = {.scs_hz = scs_hz,
                      .carrier_prb = std::min(275, fft / 12),
                      .fft_size = fft,
                      .phase_compensation_hz = 3427.5e6,
                      .antennas = 1};
      auto& g = link.add_user().grant;
      g.slot = (fft / 128) % (scs_hz / 1500);
      g.prb_start = link.carrier.carrier_prb / 3;
      g.prb_count = link.carrier.carrier_prb - g.prb_start;
      INFO(link::describe(link));
      CHECK(link::run<TestType>(link).all_right());
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: a delay within the cyclic prefix is measured and costs nothing", "[receiver]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (const int scs_hz : {15000, 30000}) {
    const double prefix_s = 144.0 / 2048 / scs_hz;
    for (const double share : {-0.4, -0.2, -0.05, 0.0, 0.1, 0.35, 0.6, 0.8, 0.95}) {
      for (const int prbs : {4, 51}) {
        Link link;
        link.carrier.scs_hz = scs_hz;
        link.carrier.antennas = 2;
        link.snr_db = 32;
        auto& user = link.add_user();
        user.grant.prb_count = prbs;
        user.grant.modulation = nr::Modulation::qam64;
        user.grant.code_rate_x1024 = 772;
        user.path.delay_s = share * prefix_s;
        INFO(link::describe(link) << " delay " << 1e9 * user.path.delay_s << " ns");
        const auto outcome = link::run<TestType>(link);
        CHECK(outcome.all_right());
        CHECK(outcome.report.ues[0].timing_offset_ns == Approx(1e9 * share * prefix_s).margin(prbs == 4 ? 20 : 3));
        CHECK(outcome.report.ues[0].sinr_db > 32.5F);
      }
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: a CFO is measured and removed as far as the closest DM-RS symbols resolve it",
                        "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  struct Case {
    int additional, length;
    double range_hz;  // at 30 kHz
  };
  const double symbol_s = 1e-3 / 28;
  for (const Case& c : {Case{1, 1, 0.5 / (9 * symbol_s)}, Case{2, 1, 0.5 / (4 * symbol_s)},
                        Case{3, 1, 0.5 / (3 * symbol_s)}, Case{0, 2, 0.5 / symbol_s}, Case{1, 2, 0.5 / symbol_s}}) {
    for (const double share : {-0.9, -0.45, -0.1, 0.03, 0.3, 0.7, 0.9}) {
      Link link;
      link.carrier.antennas = 2;
      link.snr_db = 25;
      auto& user = link.add_user();
      user.grant.dmrs.additional_position = c.additional;
      user.grant.dmrs.length = c.length;
      user.path.cfo_hz = share * c.range_hz;
      INFO(link::describe(link) << " CFO " << user.path.cfo_hz);
      const auto outcome = link::run<TestType>(link);
      CHECK(outcome.all_right());
      CHECK(outcome.report.ues[0].cfo_hz == Approx(user.path.cfo_hz).margin(15));
    }
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: users side by side and one after another keep their own timing and CFO",
                        "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.carrier.antennas = 2;
  link.snr_db = 30;
  for (int u = 0; u < 4; ++u) {
    auto& user = link.add_user();
    auto& g = user.grant;
    g.prb_start = u < 2 ? 0 : 30;
    g.prb_count = u < 2 ? 30 : 21;
    g.symbol_start = u % 2 == 0 ? 0 : 8;
    g.symbol_count = u % 2 == 0 ? 8 : 6;
    g.mapping_type = u % 2 == 0 ? nr::MappingType::a : nr::MappingType::b;
    g.n_id = 10 * u;
    g.dmrs.n_id = 33 * u;
    user.path.cfo_hz = 150.0 * (u - 1);
    user.path.delay_s = 2e-7 * u;
    user.path.gain_db = -3.0 * u;
  }
  const auto outcome = link::run<TestType>(link);
  CHECK(outcome.all_right());
  for (int u = 0; u < 4; ++u) {
    CHECK(outcome.report.ues[u].timing_offset_ns == Approx(200.0 * u).margin(10));
    CHECK(outcome.report.ues[u].cfo_hz == Approx(150.0 * (u - 1)).margin(20));
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: each redundancy version decodes alone, and all add up", "[receiver][harq]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  auto& user = link.add_user();
  user.grant.code_rate_x1024 = 300;
  user.grant.tbs_bits = 0;
  link.complete();
  for (int rv = 0; rv < 4; ++rv) {
    link.users[0].grant.rv = rv;
    INFO("rv " << rv);
    CHECK(link::run<TestType>(link).all_right());
  }
  link.users[0].grant.code_rate_x1024 = 658;  // at 1 dB no single transmission is enough for it
  link.users[0].grant.tbs_bits = 0;
  link.users[0].payload.clear();
  link.users[0].grant.harq_process = "1";
  link.complete();
  link.snr_db = 1;
  link::LinkReceiver<TestType> receiver(link);
  std::vector<bool> right;
  for (const int rv : {0, 2, 3, 1}) {
    link.users[0].grant.rv = rv;
    link.users[0].grant.new_data = rv == 0;
    link.seed += 10;
    right.push_back(receiver.receive(link).all_right());
  }
  CHECK_FALSE(right[0]);
  CHECK(right[3]);
}

TEMPLATE_LIST_TEST_CASE(
    "receiver: a retransmission of a block that was never seen, or of another size, is decoded alone",
    "[receiver][harq]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  auto& user = link.add_user();
  user.grant.harq_process = "7";
  user.grant.new_data = false;
  user.grant.rv = 2;
  user.grant.code_rate_x1024 = 200;
  link.complete();
  link::LinkReceiver<TestType> receiver(link);
  CHECK(receiver.receive(link).all_right());
  link.users[0].grant.code_rate_x1024 = 120;
  link.users[0].grant.tbs_bits = 0;
  link.users[0].payload.clear();
  link.complete();
  CHECK(receiver.receive(link).all_right());
}

TEMPLATE_LIST_TEST_CASE("receiver: an empty slot, or one that is not finite, fails alone", "[receiver]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.add_user();
  link.complete();
  link::LinkReceiver<TestType> receiver(link);
  const std::vector<cf32> good = link.samples();
  const std::vector<cf32> empty(good.size());
  const auto silent = receiver.receive(link, empty);
  CHECK_FALSE(silent.report.ues[0].crc_ok);
  CHECK(silent.report.ues[0].status == pusch::UeStatus::no_signal);
  CHECK(receiver.receive(link, good).all_right());
  std::vector<cf32> bad = good;
  for (std::size_t i = 0; i < bad.size(); i += 100) bad[i].re = std::nanf("");
  CHECK_FALSE(receiver.receive(link, bad).report.ues[0].crc_ok);
  CHECK(receiver.receive(link, good).all_right());
}

TEMPLATE_LIST_TEST_CASE("receiver: a stronger interferer on the same PRBs is suppressed", "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  for (const int antennas : {2, 4}) {
    Link link;
    link.carrier.antennas = antennas;
    link.snr_db = 20;
    auto& user = link.add_user();
    user.grant.dmrs.additional_position = 2;
    user.path.gains = propagation::rayleigh_gains(antennas, 1, 5, 1);
    link.interferers.push_back(user);
    auto& other = link.interferers[0];
    other.grant.n_id = 999;
    other.grant.dmrs.n_id = 888;
    other.path.gains = propagation::rayleigh_gains(antennas, 1, 5, 2);
    other.path.gain_db = 10;
    INFO(link::describe(link));
    const auto outcome = link::run<TestType>(link);
    CHECK(outcome.all_right());
    CHECK(outcome.report.ues[0].sinr_db > 6);  // without suppression it would be -10
  }
}

TEMPLATE_LIST_TEST_CASE("receiver: a retransmission is not added to the block before its own", "[receiver][harq]",
                        BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.add_user().grant.harq_process = "7";
  link.users[0].grant.code_rate_x1024 = 300;
  link.complete();
  link::LinkReceiver<TestType> receiver(link);
  CHECK(receiver.receive(link).all_right());
  link.users[0].payload.assign(link.users[0].payload.size(), 0x5a);  // of the same size
  SECTION("whose first transmission was not received") { receiver.miss(link); }
  SECTION("whose first transmission was not even granted here") { link.users[0].grant.block = 1; }
  link.users[0].grant.new_data = false;
  link.users[0].grant.rv = 3;
  CHECK(receiver.receive(link).all_right());
}

TEMPLATE_LIST_TEST_CASE("receiver: a retransmission at another code rate keeps the base graph of its first",
                        "[receiver][harq]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  Link link;
  link.snr_db = 25;
  auto& grant = link.add_user().grant;
  grant.harq_process = "0";
  grant.prb_count = 5;
  grant.modulation = nr::Modulation::qam64;
  grant.code_rate_x1024 = 772;
  link.complete();
  REQUIRE(nr::base_graph(link.users[0].grant) == 1);
  link::LinkReceiver<TestType> receiver(link);
  CHECK(receiver.receive(link).all_right());
  auto& again = link.users[0].grant;
  again.new_data = false;
  again.modulation = nr::Modulation::qam16;
  again.code_rate_x1024 = 512;
  REQUIRE(nr::base_graph(again) == 2);  // what its own rate would say
  again.base_graph = 1;
  again.rv = 3;
  CHECK(receiver.receive(link).all_right());
}

TEMPLATE_LIST_TEST_CASE("receiver: an error of the device fails its slot and no other", "[receiver]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  if constexpr (!std::is_same_v<TestType, cpu::Backend>) {
    Link link;
    link.add_user();
    link.complete();
    link::LinkReceiver<TestType> receiver(link);
    CHECK(receiver.receive(link).all_right());
    CHECK(receiver.take_failure().empty());
    Buffer<TestType, float> too_small(1);
    receiver.backend().upload(std::span<const float>(std::vector<float>(2)), too_small.view());  // refused and noted
    const auto failed = receiver.receive(link);
    CHECK(failed.report.ues[0].status == pusch::UeStatus::backend_failed);
    CHECK_FALSE(failed.report.ues[0].crc_ok);
    CHECK_FALSE(receiver.take_failure().empty());
    CHECK(receiver.receive(link).all_right());
  }
}
