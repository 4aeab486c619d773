// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/annotations.h"

#include "phy/nr/error.h"
#include "tests/catch.h"
#include "tests/stream/example_recording.h"

using namespace pado;
using namespace pado::stream;
using namespace pado::tests;

namespace {

Recording read(const nlohmann::json& metadata, std::uint64_t data_bytes = kExampleDataBytes) {
  return recording_from_annotations(parse_sigmf_meta(metadata.dump()), data_bytes);
}

}  // namespace

TEST_CASE("recording: slots come in order, with slot numbers that wrap", "[stream]") {
  nlohmann::json metadata = example_of_two_slots();
  std::swap(metadata["annotations"][0], metadata["annotations"][1]);
  const Recording recording = read(metadata);
  CHECK(recording.problems.empty());
  REQUIRE(recording.slots.size() == 2);
  CHECK(recording.slots[0].slot == 19);
  CHECK(recording.slots[1].slot == 0);
  CHECK(recording.slots[1].sample_start == 15360);
  CHECK(recording.slots[1].sample_count == 15360);
  CHECK(recording.carrier.antennas == 2);
  CHECK(recording.data_samples == 30720);
}

TEST_CASE("recording: users of one slot share it", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["annotations"].push_back(metadata["annotations"][0]);
  metadata["annotations"][1]["pado:pusch"]["prb_start"] = 30;
  metadata["annotations"][1]["pado:pusch"]["rnti"] = 5;
  const Recording recording = read(metadata);
  CHECK(recording.problems.empty());
  REQUIRE(recording.slots.size() == 1);
  CHECK(recording.slots[0].grants.size() == 2);
}

TEST_CASE("recording: a bad annotation is named and the good one stays", "[stream]") {
  const struct {
    Change change;
    const char* message;
  } rows[] = {
      {{"/annotations/0", "7"}, "annotation 0: not an object"},
      {{"/annotations/0/pado:pusch", "7"}, "annotation 0: pado:pusch 7 is not an object"},
      {{"/annotations/0/pado:pusch/prb_count", "60"}, "annotation 0: prb_start 10 + prb_count 60 = 70 is beyond"},
      {{"/annotations/0/core:sample_start", ""}, "annotation 0: core:sample_start is missing"},
      {{"/annotations/0/core:sample_start", "-15360"}, "core:sample_start -15360 is negative"},
      {{"/annotations/0/core:sample_start", "100"}, "core:sample_start 100 is not the start of a slot, as 0 is"},
      {{"/annotations/0/core:sample_start", "9223372036854775807"},
       "core:sample_start 9223372036854775807 is not the start"},
      {{"/annotations/0/core:sample_start", "9223372036854773760"}, "beyond pado:slots 2"},
      {{"/annotations/0/core:sample_start", "30720"},
       "core:sample_start 30720 is in slot 2 of the recording, beyond pado:slots 2"},
      {{"/annotations/0/core:sample_count", "15000"}, "core:sample_count 15000 is not the slot's 15360"},
      {{"/annotations/0/pado:pusch/slot", "18"},
       "slot 18 contradicts core:sample_start 0 and pado:first_slot 19, which give 19"},
      {{"/annotations/0/pado:pusch/fft_size", "2048"},
       "core:sample_rate 30720000 contradicts scs_hz 30000 * fft_size 2048"},
      {{"/annotations/0/pado:srs", "{}"}, "annotation 0: pado:srs: sounding reference signals are not supported"},
      {{"/annotations/0/pado:interferer", "1"}, "annotation 0: pado:interferer 1 is not true or false"},
  };
  for (const auto& row : rows) {
    INFO(row.change.pointer << " " << row.change.value);
    nlohmann::json metadata = example_of_two_slots();
    apply(metadata, row.change);
    const Recording recording = read(metadata);
    REQUIRE(recording.problems.size() == 1);
    CHECK(recording.problems[0].annotation == 0);
    CHECK_THAT(recording.problems[0].message, ContainsSubstring(row.message));
    REQUIRE(recording.slots.size() == 1);
    CHECK(recording.slots[0].slot == 0);
  }
}

TEST_CASE("recording: a second carrier is refused by the field that differs", "[stream]") {
  const struct {
    Change change;
    const char* message;
  } rows[] = {
      {{"/annotations/1/pado:pusch/carrier_n_prb", "52"}, "carrier_n_prb 52 contradicts the 51 of annotation 0"},
      {{"/annotations/1/pado:pusch/phase_compensation_hz", "1e9"},
       "phase_compensation_hz 1000000000 contradicts the 0"},
  };
  for (const auto& row : rows) {
    nlohmann::json metadata = example_of_two_slots();
    apply(metadata, row.change);
    const Recording recording = read(metadata);
    REQUIRE(recording.problems.size() == 1);
    CHECK(recording.problems[0].annotation == 1);
    CHECK_THAT(recording.problems[0].message, ContainsSubstring(row.message));
  }
}

TEST_CASE("recording: slots beyond the end of the data are named, the others stay", "[stream]") {
  const Recording recording = read(example_of_two_slots(), kExampleDataBytes - 8);
  REQUIRE(recording.problems.size() == 2);
  CHECK_THAT(recording.problems[0].message, ContainsSubstring("the data ends after 1 of pado:slots 2 slots"));
  CHECK_THAT(
      recording.problems[1].message,
      ContainsSubstring("annotation 1 (slot 0, rnti 17921): samples 15360 to 30719 are beyond the end of the data, "
                        "which holds 30719 samples"));
  CHECK(recording.slots.size() == 1);
}

TEST_CASE("recording: data that ends before slots without transmissions is reported, the whole slots stay",
          "[stream]") {
  const Recording recording = read(example_metadata(), kExampleDataBytes - 8);
  REQUIRE(recording.problems.size() == 1);
  CHECK(recording.problems[0].annotation == -1);
  CHECK_THAT(recording.problems[0].message,
             ContainsSubstring("the data ends after 1 of pado:slots 2 slots: it holds 30719 samples of each antenna, "
                               "the slots are 30720"));
  CHECK(recording.slots.size() == 1);
}

TEST_CASE("recording: no data at all leaves no slot", "[stream]") {
  const Recording recording = read(example_of_two_slots(), 0);
  CHECK(recording.problems.size() == 3);
  CHECK(recording.slots.empty());
}

TEST_CASE("recording: bytes that are no whole sample are reported", "[stream]") {
  const Recording recording = read(example_metadata(), kExampleDataBytes / 2 + 3);
  REQUIRE(recording.problems.size() == 2);
  CHECK(recording.problems[0].annotation == -1);
  CHECK_THAT(recording.problems[0].message, ContainsSubstring("no whole number of samples of 8 bytes"));
  CHECK(recording.slots.size() == 1);
}

TEST_CASE("recording: more data than its slots need contradicts the number of antennas", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["global"]["core:num_channels"] = 1;
  CHECK_THROWS_WITH(read(metadata), ContainsSubstring("the data holds 61440 samples for each of core:num_channels 1 "
                                                      "(core:datatype ci16_le), but pado:slots 2 are 30720 samples"));
}

TEST_CASE("recording: without pado:first_slot a slot may start anywhere", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["global"].erase("pado:first_slot");
  metadata["global"].erase("pado:slots");
  metadata["annotations"][0]["core:sample_start"] = 12345;
  const Recording recording = read(metadata);
  CHECK(recording.problems.empty());
  REQUIRE(recording.slots.size() == 1);
  CHECK(recording.slots[0].sample_start == 12345);
}

TEST_CASE("recording: of two users with the same DM-RS port on the same elements the later one is refused",
          "[stream]") {
  nlohmann::json metadata = example_of_two_slots();
  metadata["annotations"].push_back(metadata["annotations"][0]);
  metadata["annotations"][2]["pado:pusch"]["rnti"] = 5;
  const Recording recording = read(metadata);
  REQUIRE(recording.problems.size() == 1);
  CHECK_FALSE(recording.problems[0].unsupported);
  CHECK_THAT(recording.problems[0].message, ContainsSubstring("annotation 2 (slot 19, rnti 5)") &&
                                                ContainsSubstring("annotation 0 (slot 19, rnti 17921)") &&
                                                ContainsSubstring("both have DM-RS port 0"));
  REQUIRE(recording.slots.size() == 2);
  CHECK(recording.slots[0].grants.size() == 1);
}

TEST_CASE("recording: an interferer is neither decoded nor checked for clashes", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["annotations"].push_back(metadata["annotations"][0]);
  metadata["annotations"][1]["pado:interferer"] = true;
  metadata["annotations"][1]["pado:pusch"]["scs_hz"] = "nonsense";
  const Recording recording = read(metadata);
  CHECK(recording.problems.empty());
  CHECK(recording.slots.at(0).grants.size() == 1);
}

TEST_CASE("recording: a retransmission of another block than its first is refused", "[stream]") {
  nlohmann::json metadata = example_of_two_slots();
  for (int i : {0, 1}) metadata["annotations"][i]["pado:pusch"]["harq_process"] = "h5";
  metadata["annotations"][1]["pado:pusch"]["new_data"] = false;
  metadata["annotations"][1]["pado:pusch"]["rv"] = 2;
  CHECK(read(metadata).problems.empty());
  metadata["annotations"][1]["pado:pusch"]["tbs_bits"] = 1800;
  const Recording recording = read(metadata);
  REQUIRE(recording.problems.size() == 1);
  CHECK_THAT(recording.problems[0].message,
             ContainsSubstring("annotation 1 (slot 0, rnti 17921): tbs_bits differs from that "
                               "of annotation 0, which began the block of harq_process h5"));
  CHECK(recording.slots.size() == 1);
}

TEST_CASE("recording: without pado:pusch a grants file is asked for", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["annotations"] = {{{"core:sample_start", 0}, {"core:label", "something"}}};
  const Recording recording = read(metadata);
  REQUIRE(recording.problems.size() == 1);
  CHECK_THAT(recording.problems[0].message, ContainsSubstring("--grants"));
}

TEST_CASE("recording: pado:pusch needs pado:full_scale", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["global"].erase("pado:full_scale");
  CHECK_THAT(read(metadata).problems.at(0).message, ContainsSubstring("pado:full_scale is missing"));
}

TEST_CASE("recording: ten thousand bad annotations are told in good time", "[stream]") {
  nlohmann::json metadata = example_metadata();
  for (int i = 0; i < 10000; ++i) metadata["annotations"].push_back(metadata["annotations"][0]);
  const Recording recording = read(metadata);
  CHECK(recording.problems.size() == 10000);
  CHECK(recording.slots.at(0).grants.size() == 1);
}
