// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Control information on a PUSCH from our transmitter to our receiver.
#include <cmath>

#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/uci_map.h"
#include "phy/nr/validate.h"
#include "tests/catch.h"
#include "tests/phy/link.h"

using namespace pado;
using link::Link;

namespace {

constexpr std::array<int, 9> kBits{0, 1, 2, 3, 7, 11, 12, 19, 60};

bool is_valid(const Link& link) {
  try {
    for (const link::User& user : link.users) nr::validate(user.grant, link.carrier);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// A configuration for each number, over all that matters to the multiplexing.
Link numbered_link(int number) {
  Link link;
  link.seed = static_cast<std::uint64_t>(number + 1);
  link.carrier.antennas = 2;
  nr::PuschGrant& g = link.add_user().grant;
  auto pick = [n = number](int count) mutable {
    const int value = n % count;
    n /= count;
    return value;
  };
  g.uci.parts[0].bits = kBits[static_cast<std::size_t>(pick(9))];
  g.uci.parts[1].bits = kBits[static_cast<std::size_t>(pick(9))];
  if (g.uci.parts[1].bits != 0) g.uci.parts[2].bits = kBits[static_cast<std::size_t>((number * 5 + 3) % 9)];
  g.uci.parts[0].beta_offset = 8;
  g.uci.parts[1].beta_offset = g.uci.parts[2].beta_offset = 3.125;
  g.uci.alpha = number % 2 == 0 ? 1 : 0.65;
  g.modulation = std::array{nr::Modulation::qpsk, nr::Modulation::qam16, nr::Modulation::qam64,
                            nr::Modulation::qam256}[static_cast<std::size_t>(number % 4)];
  g.code_rate_x1024 = 300;
  g.layers = 1 + number % 3 % 2;
  g.dmrs.cdm_groups_without_data = 1 + number % 5 % 2;
  g.dmrs.additional_position = number % 3;
  g.symbol_count = number % 7 == 0 ? 9 : 14;
  g.prb_count = 8 + number % 11;
  g.shared_channel = g.uci.parts[1].bits == 0 || number % 4 != 3;
  if (!g.shared_channel) g.code_rate_x1024 = 200;
  return link;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("uci: every part arrives beside the data and without it", "[receiver][uci]", BuiltBackends) {
  if (!link::usable<TestType>()) return;
  const int step = std::is_same_v<TestType, cpu::Backend> ? 1 : 9;
  int decoded = 0, alone = 0;
  for (int number = 0; number < 324; number += step) {
    Link link = numbered_link(number);
    if (!link.users[0].grant.uci.any() || !is_valid(link)) continue;
    link.complete();
    INFO(number << ": " << link::describe(link));
    const nr::PuschGrant& g = link.users[0].grant;
    const auto outcome = link::LinkReceiver<TestType>(link).receive(link);
    CHECK(outcome.uci_match[0]);
    CHECK(outcome.match[0] == g.shared_channel);
    CHECK((outcome.report.ues[0].status == pusch::UeStatus::control_only) == !g.shared_channel);
    for (std::size_t part = 0; part < 3; ++part) {
      const int bits = g.uci.parts[part].bits;
      CHECK(outcome.report.ues[0].uci[part].verdict == (bits == 0   ? uci::Verdict::absent
                                                        : bits < 12 ? uci::Verdict::unchecked
                                                                    : uci::Verdict::crc_ok));
    }
    ++decoded;
    if (!g.shared_channel) ++alone;
  }
  CHECK(decoded > 180 / step);
  CHECK(alone > 30 / step);
}

TEST_CASE("uci: two blocks of up to 1706 bits arrive", "[receiver][uci]") {
  for (const int bits : {360, 361, 800, 1013, 1706}) {
    Link link;
    nr::PuschGrant& g = link.add_user().grant;
    g.shared_channel = false;
    g.uci.parts[1] = {.bits = bits, .beta_offset = 2};
    g.modulation = nr::Modulation::qpsk;  // at most 8192 coded bits a block
    g.code_rate_x1024 = 300;
    INFO(bits);
    link.complete();
    const auto outcome = link::LinkReceiver<cpu::Backend>(link).receive(link);
    CHECK(outcome.uci_match[0]);
    CHECK(outcome.report.ues[0].uci[1].verdict == uci::Verdict::crc_ok);
  }
}

TEST_CASE("uci: noise alone has no right check", "[receiver][uci]") {
  Link link;
  link.snr_db = -25;
  nr::PuschGrant& g = link.add_user().grant;
  g.uci.parts[1] = {.bits = 100, .beta_offset = 2};
  link.complete();
  const auto outcome = link::LinkReceiver<cpu::Backend>(link).receive(link);
  CHECK(outcome.report.ues[0].uci[1].verdict == uci::Verdict::crc_failed);
}

TEST_CASE("uci: one bit arrives where half of its energy is in the repetition", "[receiver][uci]") {
  int right = 0;
  for (int seed = 1; seed <= 40; ++seed) {
    Link link;
    link.seed = static_cast<std::uint64_t>(seed);
    link.snr_db = -2;
    nr::PuschGrant& g = link.add_user().grant;
    g.prb_count = 4;
    g.modulation = nr::Modulation::qpsk;
    g.code_rate_x1024 = 120;
    g.uci.parts[0] = {.bits = 1, .beta_offset = 5};
    link.complete();
    right += link::LinkReceiver<cpu::Backend>(link).receive(link).uci_match[0] ? 1 : 0;
  }
  CHECK(right >= 38);
}

TEST_CASE("uci map: each element carries one thing, and HARQ-ACK of two bits takes what was reserved", "[nr][uci]") {
  for (int number = 0; number < 324; ++number) {
    const Link link = numbered_link(number);
    if (!is_valid(link)) continue;
    const nr::PuschGrant& g = link.users[0].grant;
    const nr::UciMap map = nr::uci_map(g);
    std::vector<int> uses(static_cast<std::size_t>(nr::data_elements(g)), 0);
    for (const nr::ElementRun& run : map.data)
      for (int i = 0; i < run.count; ++i) ++uses[static_cast<std::size_t>(run.first + i)];
    int data = 0;
    for (const int use : uses) data += use;
    CHECK(data * g.layers * static_cast<int>(g.modulation) == nr::shared_channel_bits(g));
    for (int part = nr::punctures(g.uci) ? 1 : 0; part < 3; ++part)
      for (const int element : map.parts[static_cast<std::size_t>(part)]) ++uses[static_cast<std::size_t>(element)];
    INFO(number << ": " << link::describe(link));
    CHECK(std::ranges::all_of(uses, [&g](int use) { return use == 1 || (!g.shared_channel && use == 0); }));
    if (!nr::punctures(g.uci)) continue;
    for (const int element : map.parts[0]) {  // data or CSI part 2, never CSI part 1
      CHECK(std::ranges::count(map.parts[1], element) == 0);
    }
  }
}

TEST_CASE("uci map: HARQ-ACK begins behind the first DM-RS, CSI at the first symbol without", "[nr][uci]") {
  nr::PuschGrant g;
  g.prb_count = g.bwp_size = 10;
  g.code_rate_x1024 = 300;
  g.uci.parts = {nr::UciPart{.bits = 5, .beta_offset = 20}, nr::UciPart{.bits = 5, .beta_offset = 4}, nr::UciPart{}};
  const nr::UciMap map = nr::uci_map(g);
  CHECK(map.parts[0].front() == 2 * 120);  // symbols 0 and 1 stand before the DM-RS in symbol 2
  CHECK(map.parts[1].front() == 0);
  const auto step = map.parts[1][1] - map.parts[1][0];
  CHECK(step == 120 / static_cast<int>(map.parts[1].size()));  // spread over its symbol
}

TEST_CASE("uci map: with frequency hopping each hop carries half", "[nr][uci]") {
  nr::UciRegion region{.symbols = 14, .second_hop = 7, .bits_per_element = 2};
  region.elements.fill(24);
  for (const int l : {2, 9})
    region.dmrs[static_cast<std::size_t>(l)] = true, region.elements[static_cast<std::size_t>(l)] = 0;
  const nr::UciMap map = nr::uci_map(region, {.elements = {7, 10, 0}, .reserved = 0}, 5, true);
  const auto of_first_hop = [](const std::vector<std::int32_t>& elements) {
    return std::ranges::count_if(elements, [](int element) { return element < 6 * 24; });
  };
  CHECK(of_first_hop(map.parts[0]) == 3);
  CHECK(of_first_hop(map.parts[1]) == 5);
  CHECK(map.parts[0].front() == 2 * 24);
  CHECK(map.parts[0][3] == 6 * 24 + 2 * 24);
  CHECK(map.parts[1][5] == 6 * 24);
}

TEST_CASE("uci: what does not fit is refused by name", "[nr][uci]") {
  struct Row {
    std::array<nr::UciPart, 3> parts;
    double alpha;
    bool shared_channel;
    const char* message;
  };
  const Row rows[] = {
      {{nr::UciPart{300, 20}, {}, {}}, 0.5, true, "uci harq_ack: 300 bits do not fit the "},
      {{nr::UciPart{0, 1}, nr::UciPart{1707, 1}, {}}, 1, true, "uci csi_part1: 1707 bits, at most 1706 are coded"},
      {{nr::UciPart{0, 1}, {}, nr::UciPart{4, 1}}, 1, true, "uci csi_part2 needs csi_part1"},
      {{nr::UciPart{4, 0.5}, {}, {}}, 1, true, "beta_offset 0.5 is not from 1 to 126"},
      {{nr::UciPart{4, 2, {1, 0}}, {}, {}}, 1, true, "uci harq_ack: 2 bits are given, 4 granted"},
      {{nr::UciPart{1, 2, {2}}, {}, {}}, 1, true, "uci harq_ack: a bit is not 0 or 1"},
      {{nr::UciPart{4, 2}, {}, {}}, 0, true, "uci alpha 0 is not above 0 and up to 1"},
      {{nr::UciPart{4, 2}, {}, {}}, 1, false, "without a transport block a PUSCH carries csi_part1"},
      {{nr::UciPart{200, 126}, nr::UciPart{200, 20}, {}}, 1, true, "uci csi_part1: 200 bits do not fit the 0 coded"},
      {{nr::UciPart{200, 126}, {}, {}}, 1, true, "uci leaves 0 coded bits to the transport block"},
  };
  for (const Row& row : rows) {
    INFO(row.message);
    Link link;
    nr::PuschGrant& g = link.add_user().grant;
    g.prb_count = 1;
    g.symbol_start = 2;  // the DM-RS: all other symbols are behind it
    g.symbol_count = 12;
    g.dmrs.additional_position = 0;
    g.uci = {.parts = row.parts, .alpha = row.alpha};
    g.shared_channel = row.shared_channel;
    CHECK_THROWS_AS(nr::validate(g, link.carrier), Error);
    CHECK_THROWS_WITH(nr::validate(g, link.carrier), ContainsSubstring(row.message));
  }
}
