// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/grants_file.h"

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::stream;

namespace {

constexpr const char* kGood = R"(carrier:
  scs_khz: 30
  carrier_prb: 51
  fft_size: 1024
recording:
  first_slot: 19
grants:
  - slots: all
    rnti: 100
    prb_start: 0
    prb_count: 20
    n_id: 500
    mcs_table: qam256
    mcs_index: 22
    dmrs: {additional_position: 1, n_id: 500}
  - slot: 0
    rnti: 200
    prb_start: 20
    prb_count: 4
    n_id: 1
    modulation: QPSK
    code_rate_x1024: 308
    tbs_bits: 368
    dmrs: {additional_position: 0, n_id: 2, ports: [1]}
)";

Recording three_slots() {
  Recording recording;
  recording.antennas = 1;
  recording.sample_rate_hz = 30.72e6;
  recording.data_samples = 3 * 15360;
  return recording;
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kGood;
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("grants file: what is right is read, defaults where little is said", "[stream]") {
  const GrantsFile file = parse_grants_file(kGood, "g.yaml");
  CHECK(file.scs_hz == 30000);
  CHECK(file.first_slot == 19);
  REQUIRE(file.grants.size() == 2);
  const nr::PuschGrant& g = file.grants[0].grant;
  CHECK(file.grants[0].all_slots);
  CHECK(g.modulation == nr::Modulation::qam256);
  CHECK(g.code_rate_x1024 == 754);
  CHECK(g.bwp_size == 51);
  CHECK(g.symbol_count == 14);
  CHECK(g.dmrs.ports == std::vector{0});
  CHECK(g.dmrs.power_boost_db == 3);
  CHECK(file.grants[1].slots == std::vector{0});
  CHECK(file.grants[1].line == 16);
}

TEST_CASE("grants file: a grant applies to every slot with its number", "[stream]") {
  Recording recording = three_slots();
  apply_grants(parse_grants_file(kGood, "g.yaml"), recording);
  CHECK(recording.problems.empty());
  REQUIRE(recording.slots.size() == 3);
  CHECK(recording.slots[0].slot == 19);
  CHECK(recording.slots[0].grants.size() == 1);
  CHECK(recording.slots[1].slot == 0);
  CHECK(recording.slots[1].grants.size() == 2);
  CHECK(recording.slots[2].sample_start == 2 * 15360);
  CHECK(recording.carrier.fft_size == 1024);
}

TEST_CASE("grants file: each mistake is refused by line, field and what would be right", "[stream]") {
  const struct {
    const char* from;
    const char* to;
    const char* message;
  } rows[] = {
      {"scs_khz: 30", "scs_khz: 240", "g.yaml:2: carrier.scs_khz: scs_hz 240000: a subcarrier spacing beyond 120 kHz"},
      {"scs_khz: 30", "scs_khz: 31", "g.yaml:2: carrier.scs_khz: scs_hz 31000 is not 15000, 30000"},
      {"scs_khz: 30", "scs_khz: 99999999", "g.yaml:2: carrier.scs_khz: 99999999 is not 15, 30, 60 or 120"},
      {"scs_khz: 30", "scs_khz: 30\n  scs_hz: 30000", "g.yaml:2: carrier.scs_khz: give one of scs_khz and scs_hz"},
      {"carrier_prb: 51", "carrier_prb: wide", "g.yaml:3: carrier.carrier_prb: 'wide' is not an integer"},
      {"carrier_prb: 51", "carrier_prb: 0x33", "g.yaml:3: carrier.carrier_prb: '0x33' is not an integer"},
      {"carrier_prb: 51", "carrier_prb: [51]", "g.yaml:3: carrier.carrier_prb: a list is not an integer"},
      {"carrier_prb: 51", "carrier_prb: 100000000", "g.yaml:3: carrier.carrier_prb: 100000000 is not from 1 to 275"},
      {"carrier_prb: 51", "carrier_prb: 0", "g.yaml:3: carrier.carrier_prb: 0 is not from 1 to 275"},
      {"fft_size: 1024", "fft_sise: 1024", "g.yaml:4: carrier.'fft_sise': unknown key, known are"},
      {"fft_size: 1024", "crb_start: 7", "carrier.crb_start"},
      {"fft_size: 1024", "carrier_prb: 51", "g.yaml:4: carrier.'carrier_prb': given twice"},
      {"first_slot: 19", "first_slot: 20", "g.yaml:6: recording.first_slot: 20 is not from 0 to 19"},
      {"first_slot: 19", "slots: 0", "g.yaml:6: recording.slots: not at least 1"},
      {"first_slot: 19", "full_scale: nan", "g.yaml:6: recording.full_scale: 'nan' is not a finite number"},
      {"first_slot: 19", "first_sample: -1", "g.yaml:6: recording.first_sample: not at least 0"},
      {"slots: all", "slots: some", "g.yaml:8: grants[0].slots: not all or a list of slot numbers"},
      {"slots: all", "slots: [20]", "g.yaml:8: grants[0].slots: 20 is not from 0 to 19"},
      {"slots: all", "rv: 0", "grants[0].slots: give one of slot"},
      {"rnti: 100", "rnti: 100\n    bwp_start: -2147483648", "grants[0].bwp_start: -2147483648 is not from 0 to 50"},
      {"rnti: 100", "rnti: 100\n    bwp_start: 51", "grants[0].bwp_start: 51 is not from 0 to 50"},
      {"rnti: 100", "rmti: 100", "g.yaml:8: grants[0].rnti: missing"},
      {"mcs_table: qam256", "mcs_table: qam1024", "g.yaml:13: grants[0].mcs_table: mcs_table is none of"},
      {"mcs_index: 22", "mcs_index: 28", "grants[0].mcs_index: 28 is not in the table: give modulation"},
      {"mcs_index: 22", "rv: 0", "grants[0].mcs_index: missing: give mcs_table and mcs_index"},
      {"modulation: QPSK", "modulation: QPSK\n    mcs_index: 12", "grants[1].mcs_index: mcs_index 12 of"},
      {"modulation: QPSK", "modulation: BPSK", "grants[1].modulation: not QPSK, 16QAM, 64QAM or 256QAM"},
      {"tbs_bits: 368", "payload_hex: 0g", "grants[1].payload_hex: characters 0 and 1 are not both hexadecimal"},
      {"tbs_bits: 368", "new_data: false", "grants[1].new_data: false needs a harq_process"},
      {"tbs_bits: 368", "new_data: yes", "grants[1].new_data: 'yes' is not true or false"},
      {"tbs_bits: 368", "mapping_type: C", "grants[1].mapping_type: not A or B"},
      {"ports: [1]", "ports: 1", "g.yaml:24: grants[1].dmrs.ports: '1' is not a list of integers"},
      {"ports: [1]", "type: 3", "g.yaml:24: grants[1].dmrs.type: 3 is not 1 or 2"},
      {"grants:", "grants: {}\nothers:", "grants: a mapping is not a list"},
      {"grants:", "grants: []\nothers:", "grants: empty"},
      {"carrier:", "carrier: [", "not YAML"},
  };
  for (const auto& row : rows) {
    INFO(row.from << " -> " << row.to);
    CHECK_THROWS_WITH(parse_grants_file(replaced(row.from, row.to), "g.yaml"), ContainsSubstring(row.message));
  }
  CHECK_THROWS_WITH(parse_grants_file("", "g.yaml"), ContainsSubstring("g.yaml:1: the file: nothing is not a mapping"));
  CHECK_THROWS_AS(parse_grants_file(std::string(100000, '['), "g.yaml"), Error);
}

TEST_CASE("grants file: a grant that does not fit is a problem, the others stay", "[stream]") {
  const struct {
    const char* from;
    const char* to;
    const char* message;
  } rows[] = {
      {"prb_count: 4", "prb_count: 40",
       "g.yaml:16: grant 1: prb_start 20 + prb_count 40 = 60 is beyond the carrier's 51 PRB"},
      {"tbs_bits: 368", "tbs_bits: 376", "g.yaml:16: grant 1: tbs_bits 376 contradicts"},
      {"slot: 0", "slot: 5", "g.yaml:16: grant 1: its slots are not among the 3 from slot 19 on"},
      {"ports: [1]", "ports: [0, 1, 2, 3, 4]", "layers 5 is not from 1 to 4"},
  };
  for (const auto& row : rows) {
    INFO(row.to);
    Recording recording = three_slots();
    apply_grants(parse_grants_file(replaced(row.from, row.to), "g.yaml"), recording);
    REQUIRE(recording.problems.size() == 1);
    CHECK_THAT(recording.problems[0].message, ContainsSubstring(row.message));
    CHECK(recording.slots.size() == 3);
  }
}

TEST_CASE("grants file: it has to fit the recording", "[stream]") {
  Recording recording = three_slots();
  recording.sample_rate_hz = 23.04e6;
  CHECK_THROWS_WITH(
      apply_grants(parse_grants_file(kGood, "g.yaml"), recording),
      ContainsSubstring("g.yaml: carrier: 30000 Hz * fft_size 1024 = 30720000 contradicts the sample rate 23040000"));
  CHECK_NOTHROW(
      apply_grants(parse_grants_file(replaced("fft_size: 1024", "antennas: 1"), "g.yaml"), recording = three_slots()));
  CHECK(recording.carrier.fft_size == 1024);
  CHECK_THROWS_WITH(apply_grants(parse_grants_file(replaced("fft_size: 1024", "antennas: 2"), "g.yaml"), recording),
                    ContainsSubstring("antennas 2 contradicts the recording's 1"));
  recording.data_samples = 15359;
  CHECK_THROWS_WITH(apply_grants(parse_grants_file(kGood, "g.yaml"), recording),
                    ContainsSubstring("the data's 15359 samples hold no slot of 15360"));
}

TEST_CASE("grants file: slots that the data do not have are reported", "[stream]") {
  Recording recording = three_slots();
  apply_grants(
      parse_grants_file(replaced("first_slot: 19", "first_slot: 19\n  slots: 5\n  first_sample: 10"), "g.yaml"),
      recording);
  REQUIRE(recording.problems.size() == 1);
  CHECK_THAT(recording.problems[0].message,
             ContainsSubstring("slots 5: from sample 10 on, the data's 46080 samples hold 2"));
  REQUIRE(recording.slots.size() == 2);
  CHECK(recording.slots[0].sample_start == 10);
}
