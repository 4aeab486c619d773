// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/cell_config.h"

#include <string>

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace {

const std::string kListed =
    "listen: udp://127.0.0.1:0\n"                                             // line 1
    "carrier: {scs_khz: 30, carrier_prb: 51, fft_size: 1024, antennas: 2}\n"  // 2
    "full_scale: 2000\n"                                                      // 3
    "deadline_slots: 4\n"                                                     // 4
    "workers: 1\n"                                                            // 5
    "scheduler: {policy: rr, rbg_prbs: 4}\n"                                  // 6
    "grants:\n"                                                               // 7
    "  - slots: [3, 7]\n"                                                     // 8
    "    rnti: 1\n"                                                           // 9
    "    prb_start: 0\n"                                                      // 10
    "    prb_count: 51\n"                                                     // 11
    "    n_id: 3\n"                                                           // 12
    "    mcs_index: 20\n"                                                     // 13
    "    dmrs: {additional_position: 1, n_id: 3}\n";                          // 14

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kListed;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  try {
    parse_cell_config(text, "cell.yaml", PADO_SOURCE_DIR);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the shipped cell takes carrier and grants from the recording that it names") {
  const CellConfig config = read_cell_config(PADO_SOURCE_DIR "/testvectors/cell.yaml");
  CHECK(config.listen == "udp://127.0.0.1:5555");
  CHECK(config.carrier.carrier_prb == 51);
  CHECK(config.carrier.antennas == 2);
  REQUIRE(config.grants.slots.size() == 1);
  CHECK(config.grants.slots[0].slot == 11);
  CHECK(config.grants.data_samples == 15360);
  CHECK(config.deadline_slots == 3);
}

TEST_CASE("a path that is not in the current folder is taken from the configuration's") {
  const CellConfig config =
      parse_cell_config("listen: udp://127.0.0.1:0\ngrants: dev04_256qam_51prb_30k_2rx.sigmf-meta\n", "x",
                        PADO_SOURCE_DIR "/testvectors");
  CHECK(config.grants.slots.size() == 1);
}

TEST_CASE("listed grants repeat every frame") {
  const CellConfig config = parse_cell_config(kListed, "cell.yaml", "");
  REQUIRE(config.grants.slots.size() == 2);
  CHECK(config.grants.slots[0].slot == 3);
  CHECK(config.grants.slots[1].sample_start == 7 * 15360);
  CHECK(config.grants.data_samples == 20 * 15360);
  CHECK(config.grants.full_scale == 2000);
  CHECK(config.deadline_slots == 4);
  CHECK(config.scheduler.policy == "rr");
}

TEST_CASE("a cell without grants needs a carrier, and then waits for a scheduler's") {
  CHECK(contains(refusal("listen: udp://127.0.0.1:0\n"), "carrier: missing"));
  const CellConfig config =
      parse_cell_config("listen: udp://127.0.0.1:0\ncarrier: {scs_khz: 30, carrier_prb: 24}\n", "x", "");
  CHECK(config.carrier.fft_size == 512);
  CHECK(config.grants.slots.empty());
}

TEST_CASE("resource block groups are as wide as the carrier needs") {
  const auto width = [](const char* carrier) {
    return parse_cell_config(std::string("listen: udp://127.0.0.1:0\ncarrier: ") + carrier + "\n", "x", "")
        .scheduler.rbg_prbs;
  };
  CHECK(width("{scs_khz: 30, carrier_prb: 51}") == 4);
  CHECK(width("{scs_khz: 15, carrier_prb: 216}") == 8);
  CHECK(width("{scs_khz: 30, carrier_prb: 273}") == 16);
}

TEST_CASE("a bad cell is refused with its line, field and what would be right") {
  const auto [from, to, message] = GENERATE(table<std::string, std::string, std::string>({
      {"listen: udp://127.0.0.1:0\n", "", "listen: missing"},
      {"deadline_slots: 4", "deadline_slots: 0", "cell.yaml:4: deadline_slots: 0 is not from 1 to 1000"},
      {"deadline_slots: 4", "deadline: 4", "cell.yaml:4: 'deadline': unknown key"},
      {"workers: 1", "workers: many", "cell.yaml:5: workers"},
      {"workers: 1", "backend: gpu", "backend: gpu is not in this build, which has cpu"},
      {"full_scale: 2000", "full_scale: -1", "cell.yaml:3: full_scale: not above 0"},
      {"fft_size: 1024", "fft_size: 1000", "cell.yaml:2: carrier"},
      {"antennas: 2", "antennas: 65", "cell.yaml:2: carrier"},
      {"rbg_prbs: 4", "rbg_prbs: 1",
       "cell.yaml:6: scheduler.rbg_prbs: 51 PRB in groups of 1 are 51 groups, and at most 32 can be scheduled"},
      {"rbg_prbs: 4", "rbg_prbs: 0", "scheduler.rbg_prbs: 0 is not from 1 to 16"},
      {"policy: rr", "dmrs_additional_position: 4", "dmrs_additional_position: 4 is not from 0 to 3"},
      {"policy: rr", "polity: rr", "cell.yaml:6: scheduler.'polity': unknown key"},
      {"prb_count: 51", "prb_count: 52", "cell.yaml:8: grant 0"},
      {"rnti: 1", "rnti: 70000", "cell.yaml:8: grant 0"},
      {"grants:\n", "grants: none.sigmf-meta\nx:\n", "grants: none.sigmf-meta"},
      {"listen:", "listen: [", "not YAML"},
  }));
  const std::string refused = refusal(replaced(from, to));
  INFO(refused);
  CHECK(contains(refused, message));
  CHECK(refused.find('\n') == std::string::npos);
}

TEST_CASE("a carrier that contradicts the recording is refused") {
  CHECK(contains(refusal("listen: udp://127.0.0.1:0\ncarrier: {scs_khz: 30, carrier_prb: 24}\n"
                         "grants: testvectors/dev04_256qam_51prb_30k_2rx.sigmf-meta\n"),
                 "cell.yaml:2: carrier: not that of testvectors/dev04"));
}
