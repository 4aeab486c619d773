// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/annotation.h"

#include "phy/nr/error.h"
#include "phy/nr/tbs.h"
#include "tests/catch.h"
#include "tests/stream/example_recording.h"

using namespace pado;
using namespace pado::stream;
using namespace pado::tests;

namespace {

nlohmann::json example_pusch() { return example_metadata()["annotations"][0]["pado:pusch"]; }

struct Row {
  Change change;
  const char* message;
};

template <class Exception>
void check_refused(const Row& row) {
  INFO(row.change.pointer << " " << row.change.value);
  nlohmann::json pusch = example_pusch();
  apply(pusch, row.change);
  CHECK_THROWS_AS(read_pusch(pusch, 2), Exception);
  CHECK_THROWS_WITH(read_pusch(pusch, 2), ContainsSubstring(row.message));
}

}  // namespace

TEST_CASE("annotation: every field arrives in the grant and the carrier", "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch["payload_hex"] = std::string(1736 / 4 - 2, '0') + "fA";
  pusch["harq_process"] = "h5";
  const auto [carrier, grant] = read_pusch(pusch, 2);
  CHECK(carrier ==
        nr::Carrier{.scs_hz = 30000, .carrier_prb = 51, .fft_size = 1024, .phase_compensation_hz = 0, .antennas = 2});
  CHECK(grant.slot == 19);
  CHECK(grant.rnti == 17921);
  CHECK(grant.prb_start == 10);
  CHECK(grant.prb_count == 20);
  CHECK(grant.mapping_type == nr::MappingType::a);
  CHECK(grant.dmrs.additional_position == 1);
  CHECK(grant.dmrs.n_id == 500);
  CHECK(grant.modulation == nr::Modulation::qpsk);
  CHECK(grant.code_rate_x1024 == 308);
  CHECK(grant.tbs_bits == 1736);
  CHECK(grant.harq_process == "h5");
  CHECK(grant.expected_payload.size() == 217);
  CHECK(grant.expected_payload.back() == 0xfa);
}

TEST_CASE("annotation: each field that is missing is named", "[stream]") {
  for (const char* field : {"scs_hz",
                            "fft_size",
                            "cyclic_prefix",
                            "carrier_n_prb",
                            "phase_compensation_hz",
                            "slot",
                            "frame_slots",
                            "rnti",
                            "bwp_start",
                            "bwp_size",
                            "prb_start",
                            "prb_count",
                            "resource_allocation",
                            "symbol_start",
                            "symbol_count",
                            "mapping_type",
                            "frequency_hopping",
                            "dmrs",
                            "transform_precoding",
                            "n_id",
                            "mcs_table",
                            "modulation",
                            "code_rate_x1024",
                            "layers",
                            "x_overhead",
                            "tbs_bits",
                            "base_graph",
                            "lbrm",
                            "rv",
                            "new_data",
                            "dmrs/type",
                            "dmrs/typeA_position",
                            "dmrs/additional_position",
                            "dmrs/length",
                            "dmrs/symbols",
                            "dmrs/ports",
                            "dmrs/cdm_groups_without_data",
                            "dmrs/power_boost_db",
                            "dmrs/n_id",
                            "dmrs/n_scid"}) {
    const std::string pointer = std::string("/") + field;
    std::string message = field;
    if (message.find('/') != std::string::npos) message[4] = ' ';
    check_refused<Error>({{pointer.c_str(), ""}, (message += " is missing").c_str()});
  }
}

TEST_CASE("annotation: what only informs may be missing", "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch.erase("ue");
  pusch.erase("harq_process");
  pusch["mcs_index"] = nullptr;
  pusch["mcs_table"] = nullptr;
  CHECK_NOTHROW(read_pusch(pusch, 2));
}

TEST_CASE("annotation: a value out of range is refused", "[stream]") {
  const Row rows[] = {
      {{"/scs_hz", "17000"}, "scs_hz 17000 is not 15000, 30000, 60000 or 120000"},
      {{"/fft_size", "1000"}, "fft_size 1000 is not a multiple of 128"},
      {{"/fft_size", "99999999999"}, "fft_size 99999999999 is not an integer of 32 bits"},
      {{"/carrier_n_prb", "400"}, "carrier of 400 PRB"},
      {{"/slot", "20"}, "slot 20 is not from 0 to 19"},
      {{"/slot", "\"4\""}, "slot \"4\" is not an integer"},
      {{"/prb_start", "40"}, "prb_start 40 + prb_count 20 = 60 is beyond the carrier's 51 PRB"},
      {{"/bwp_size", "0"}, "bwp_size 0 is not at least 1"},
      {{"/bwp_size", "25"}, "leave the bandwidth part"},
      {{"/mapping_type", "\"C\""}, "mapping_type \"C\" is not A or B"},
      {{"/modulation", "\"8PSK\""}, "modulation \"8PSK\" is not QPSK, 16QAM, 64QAM or 256QAM"},
      {{"/layers", "0"}, "layers 0"},
      {{"/tbs_bits", "0"}, "tbs_bits 0 is not above 0"},
      {{"/tbs_bits", "5760"}, "is rate 1.0"},
      {{"/rv", "4"}, "rv 4 is not from 0 to 3"},
      {{"/new_data", "1"}, "new_data 1 is not true or false"},
      {{"/harq_process", "\"\""}, "harq_process \"\" is not null or a name"},
      {{"/harq_process", "\"a\\nb\""}, "is not null or a name"},
      {{"/harq_process", "[]"}, "harq_process an array of 0 is not text"},
      {{"/dmrs", "[]"}, "dmrs an array of 0 is not an object"},
      {{"/dmrs/type", "3"}, "dmrs type 3 is not 1 or 2"},
      {{"/dmrs/ports", "[0, \"a\"]"}, "dmrs ports an array of 2 is not an array of integers"},
      {{"/dmrs/power_boost_db", "null"}, "dmrs power_boost_db is missing"},
      {{"/resource_allocation", "2"}, "resource_allocation 2 is not 0 or 1"},
      {{"/mcs_index", "32"}, "mcs_index 32 is not from 0 to 31"},
      {{"/mcs_table", "\"qam1024\""}, "mcs_table is none of \"38.214 table 5.1.3.1-1"},
      {{"/payload_hex", "\"00\""}, "payload_hex has 2 digits, 8 bits, but tbs_bits is 1736"},
      {{"/cyclic_prefix", "\"short\""}, "cyclic_prefix \"short\" is not normal or extended"},
  };
  for (const Row& row : rows) check_refused<Error>(row);
}

TEST_CASE("annotation: two fields that contradict each other are both named", "[stream]") {
  const Row rows[] = {
      {{"/frame_slots", "10"}, "frame_slots 10 contradicts scs_hz 30000, which has 20"},
      {{"/tbs_bits", "1800"}, "tbs_bits 1800 contradicts the allocation, modulation and code rate, which give 1736"},
      {{"/base_graph", "1"}, "base_graph 1 contradicts tbs_bits 1736 and code_rate_x1024 308, which give 2"},
      {{"/dmrs/symbols", "[2, 7]"},
       "dmrs symbols [2,7] contradict mapping_type, additional_position and length, which give [2,11]"},
      {{"/mcs_index", "5"},
       "mcs_index 5 of 38.214 table 5.1.3.1-1 (64QAM) is code rate 379/1024, but code_rate_x1024 is 308"},
      {{"/mcs_index", "12"}, "mcs_index 12 of 38.214 table 5.1.3.1-1 (64QAM) is 16QAM, but modulation is QPSK"},
      {{"/mcs_index", "29"},
       "mcs_index 29 of 38.214 table 5.1.3.1-1 (64QAM) is reserved for retransmissions, but new_data is true"},
      {{"/mcs_table", "\"38.214 table 5.1.3.1-2 (256QAM)\""},
       "mcs_index 4 of 38.214 table 5.1.3.1-2 (256QAM) is code rate 602/1024"},
      {{"/new_data", "false"}, "new_data false contradicts harq_process null"},
      {{"/prbs", "[10, 11]"}, "prbs 10 to 11 contradict prb_start 10 and prb_count 20"},
      {{"/resource_allocation", "0"}, "resource_allocation 0 needs the list prbs"},
      {{"/layers", "2"}, "layers 2 does not match the 1 dmrs ports"},
  };
  for (const Row& row : rows) check_refused<Error>(row);
}

TEST_CASE("annotation: a feature that is not built is named as not supported", "[stream]") {
  const Row rows[] = {
      {{"/scs_hz", "240000"}, "subcarrier spacing"},
      {{"/cyclic_prefix", "\"extended\""}, "cyclic_prefix extended is not supported"},
      {{"/transform_precoding", "true"}, "transform_precoding: DFT-s-OFDM is not supported"},
      {{"/mcs_table", "\"38.214 table 6.1.4.1-1 (transform precoding)\""}, "transform precoding is not supported"},
      {{"/modulation", "\"pi/2-BPSK\""}, "pi/2-BPSK is not supported"},
      {{"/frequency_hopping", "{\"type\": \"intra-slot\"}"}, "frequency_hopping is not supported"},
      {{"/prbs", "[10, 12]"}, "non-contiguous allocation (type 0) is not supported"},
      {{"/payload_bit_order", "\"last byte first\""}, "payload_bit_order other than"},
  };
  for (const Row& row : rows) check_refused<UnsupportedError>(row);
}

TEST_CASE("annotation: a reserved MCS index in a retransmission takes its size from the block", "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch["mcs_index"] = 30;
  pusch["modulation"] = "16QAM";
  pusch["new_data"] = false;
  pusch["harq_process"] = 3;
  const auto read = read_pusch(pusch, 2);
  CHECK(read.grant.tbs_bits == 1736);
  CHECK(read.grant.harq_process == "3");
}

TEST_CASE("annotation: control information is read with its bits, or with their number alone", "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch["uci"] = nlohmann::json::parse(
      R"({"harq_ack": [1, 0], "csi_part1_bits": 20, "csi_part2": [], "beta_offset_harq_ack": 12.625,
          "beta_offset_csi1": 2.25, "alpha": 0.8})");
  const nr::Uci uci = read_pusch(pusch, 2).grant.uci;
  CHECK(uci.parts[0] == nr::UciPart{2, 12.625, {1, 0}});
  CHECK(uci.parts[1] == nr::UciPart{20, 2.25, {}});
  CHECK(uci.parts[2].bits == 0);
  CHECK(uci.alpha == 0.8);
  check_refused<Error>({{"/uci", R"({"harq_ack": [1, 2], "beta_offset_harq_ack": 2})"}, "a bit is not 0 or 1"});
  check_refused<Error>({{"/uci", R"({"harq_ack": [1]})"}, "beta_offset_harq_ack is missing"});
  check_refused<Error>({{"/uci", R"({"harq_ack_bits": -1, "beta_offset_harq_ack": 2})"}, "uci harq_ack: -1 bits"});
}

TEST_CASE("annotation: a PUSCH without transport block needs no size of one", "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch["ul_sch"] = false;
  pusch["uci"] = nlohmann::json::parse(R"({"csi_part1": [1, 0, 1], "beta_offset_harq_ack": 2, "beta_offset_csi1": 2})");
  for (const char* field : {"x_overhead", "tbs_bits", "base_graph", "rv", "new_data", "payload_hex"})
    pusch.erase(field);
  const auto grant = read_pusch(pusch, 2).grant;
  CHECK_FALSE(grant.shared_channel);
  CHECK(grant.uci.parts[1].bits == 3);
}

TEST_CASE("annotation: a limited buffer is read by its size and by what gives it, code block groups by name",
          "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch["lbrm"] = nlohmann::json::parse(R"({"max_layers": 1, "max_qm": 6, "n_prb_lbrm": 66})");
  const int bits = read_pusch(pusch, 2).grant.limited_buffer_tbs_bits.value();
  pusch["lbrm"] = nlohmann::json::parse(R"({"tbs_lbrm_bits": 50000})");
  pusch["harq_process"] = "1";
  pusch["new_data"] = false;
  pusch["cbgti"] = {1, 0};
  const auto grant = read_pusch(pusch, 2).grant;
  CHECK(grant.limited_buffer_tbs_bits == 50000);
  CHECK(grant.sent_groups == std::vector{true, false});
  check_refused<Error>({{"/lbrm", R"({"tbs_lbrm_bits": 5, "max_layers": 1, "max_qm": 6, "n_prb_lbrm": 66})"},
                        "tbs_lbrm_bits 5 contradicts max_layers 1, max_qm 6 and n_prb_lbrm 66"});
  check_refused<Error>({{"/lbrm", R"({"max_layers": 1, "max_qm": 5, "n_prb_lbrm": 66})"}, "max_qm 5 is not 2, 4"});
  check_refused<Error>({{"/lbrm", "true"}, "lbrm true is not an object"});
  check_refused<Error>({{"/cbgti", "[1, 2]"}, "cbgti holds 2"});
  CHECK(bits == nr::limited_buffer_tbs(1, nr::Modulation::qam64, 66));
}

TEST_CASE("annotation: a type 0 allocation without a gap is read", "[stream]") {
  nlohmann::json pusch = example_pusch();
  pusch["resource_allocation"] = 0;
  for (int prb = 10; prb < 30; ++prb) pusch["prbs"].push_back(prb);
  CHECK_NOTHROW(read_pusch(pusch, 2));
}
