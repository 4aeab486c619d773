// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <iostream>
#include <string>

#include "stream/recording/open.h"
#include "tests/catch.h"

using namespace pado::stream;

namespace {

struct InScope {
  const char* name;
  int antennas;
  std::size_t slots;
};

constexpr InScope kShipped[] = {
    {"dev01_qpsk_25prb_15k", 1, 1},       {"dev02_16qam_52prb_15k", 1, 2},      {"dev03_64qam_106prb_15k_2rx", 2, 1},
    {"dev04_256qam_51prb_30k_2rx", 2, 1}, {"dev05_harq_0231_partial", 1, 4},    {"dev06_lowrate_table3", 4, 3},
    {"dev07_2layer_4rx", 4, 1},           {"dev08_273prb_4rx_tdla", 4, 1},      {"dev09_mapping_b", 1, 3},
    {"dev10_tdlb_cfo_delay", 2, 10},      {"dev11_dmrs_type2", 1, 1},           {"dev12_two_ues_fdm", 2, 1},
    {"dev13_mumimo_2ue", 4, 1},           {"dev18_yard_16qam_tdlb_2rx", 2, 40}, {"dev19_uci_on_pusch", 1, 2},
    {"dev20_4layer_4rx", 4, 1},           {"dev21_double_dmrs", 1, 1},
};

struct OutOfScope {
  const char* name;
  const char* feature;
};

constexpr OutOfScope kUnsupported[] = {
    {"dev14_dfts_ofdm", "DFT-s-OFDM"},
    {"dev15_srs_two_ues", "sounding reference signals"},
};

std::string extra_folder() {
  const char* folder = std::getenv("PADO_EXTRA_VECTORS");
  return folder == nullptr ? "" : folder;
}

}  // namespace

TEST_CASE("vectors: every shipped recording is read without a complaint", "[stream][vectors]") {
  for (const InScope& expected : kShipped) {
    INFO(expected.name);
    const Recording recording = open_recording(std::string(PADO_SOURCE_DIR "/testvectors/") + expected.name);
    CHECK(recording.problems.empty());
    CHECK(recording.antennas == expected.antennas);
    CHECK(recording.slots.size() == expected.slots);
  }
}

TEST_CASE("vectors: a recording out of scope names the feature that is lacking", "[stream][vectors]") {
  if (extra_folder().empty()) {
    std::cout << "skipped: PADO_EXTRA_VECTORS names no folder with more recordings\n";
    return;
  }
  for (const OutOfScope& expected : kUnsupported) {
    INFO(expected.name);
    const Recording recording = open_recording(extra_folder() + "/" + expected.name);
    CHECK(recording.slots.empty());
    REQUIRE_FALSE(recording.problems.empty());
    for (const Problem& problem : recording.problems) {
      CHECK(problem.unsupported);
      CHECK_THAT(problem.message, ContainsSubstring(expected.feature));
    }
  }
}

TEST_CASE("vectors: recordings from the air start in the middle of their file", "[stream][vectors]") {
  if (extra_folder().empty()) {
    std::cout << "skipped: PADO_EXTRA_VECTORS names no folder with more recordings\n";
    return;
  }
  const Recording msg3 = open_recording(extra_folder() + "/dev16_air_msg3_srsran20");
  CHECK(msg3.problems.empty());
  CHECK(msg3.slots.at(0).sample_start == 11052);
  CHECK(msg3.carrier.fft_size == 768);
  const Recording data = open_recording(extra_folder() + "/dev17_air_64qam_srsran40");
  CHECK(data.problems.empty());
  CHECK(data.slots.at(0).sample_start == 22272);
  CHECK(data.carrier.fft_size == 1536);
}
