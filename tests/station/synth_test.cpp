// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/synth.h"

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "kernels/complex.h"
#include "station/replay.h"
#include "station/synth_config.h"
#include "stream/recording/open.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace {

// A good configuration, line by line; tests replace pieces of it.
const std::string kConfig =
    "carrier: {scs_khz: 30, carrier_prb: 11, fft_size: 256, antennas: 2}\n"  // line 1
    "first_slot: 18\n"                                                       // 2
    "slots: 4\n"                                                             // 3
    "seed: 5\n"                                                              // 4
    "snr_db: 30\n"                                                           // 5
    "datatype: cf32_le\n"                                                    // 6
    "channel: {model: awgn, ues: [{rnti: 1, gain_db: 0}]}\n"                 // 7
    "grants:\n"                                                              // 8
    "  - slots: all\n"                                                       // 9
    "    rnti: 1\n"                                                          // 10
    "    prb_start: 1\n"                                                     // 11
    "    prb_count: 9\n"                                                     // 12
    "    n_id: 3\n"                                                          // 13
    "    mcs_index: 10\n"                                                    // 14
    "    dmrs: {additional_position: 1, n_id: 3}\n";                         // 15

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kConfig;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// A recording in a folder of its own, which goes when the object goes.
class Synthesized {
 public:
  explicit Synthesized(const std::string& config) {
    static int count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("pado_synth_test_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
    synthesize(parse_synth_config(config, "test.yaml"), name());
  }
  ~Synthesized() { std::filesystem::remove_all(folder_); }
  Synthesized(const Synthesized&) = delete;
  Synthesized& operator=(const Synthesized&) = delete;

  std::string name() const { return (folder_ / "made").string(); }
  std::string bytes(const std::string& ending) const {
    std::ifstream file(name() + ending, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// [sample][antenna], as the file has them.
  std::vector<cf32> samples() const {
    const auto data = bytes(".sigmf-data");
    std::vector<cf32> result(data.size() / sizeof(cf32));
    std::memcpy(result.data(), data.data(), data.size());
    return result;
  }

 private:
  std::filesystem::path folder_;
};

double mean_energy_of_difference(const std::vector<cf32>& a, const std::vector<cf32>& b, std::size_t b_is_later = 0) {
  double sum = 0;
  for (std::size_t i = 0; i + b_is_later < b.size(); ++i) sum += norm(a[i] - b[i + b_is_later]);
  return sum / static_cast<double>(a.size() - b_is_later);
}

}  // namespace

TEST_CASE("synth: the same seed gives the same bytes, another seed others", "[station][synth]") {
  const Synthesized first(kConfig), second(kConfig), other(replaced("seed: 5", "seed: 6"));
  CHECK(first.bytes(".sigmf-data") == second.bytes(".sigmf-data"));
  CHECK(first.bytes(".sigmf-meta") == second.bytes(".sigmf-meta"));
  CHECK(first.bytes(".sigmf-data") != other.bytes(".sigmf-data"));
}

TEST_CASE("synth: what it writes is a recording without problems, payloads and all", "[station][synth]") {
  for (const char* type : {"ci16_le", "cf32_le"}) {
    const auto text = replaced("cf32_le", type);
    const Synthesized made(text);
    const auto config = parse_synth_config(text, "test.yaml");
    const auto recording = stream::open_recording(made.name());
    CHECK(recording.problems.empty());
    CHECK(recording.carrier == config.carrier);
    REQUIRE(recording.slots.size() == 4);
    CHECK(recording.slots[1].slot == 19);
    CHECK(recording.slots[2].slot == 0);
    for (std::size_t i = 0; i < 4; ++i) {
      REQUIRE(recording.slots[i].grants.size() == 1);
      CHECK(recording.slots[i].grants[0].expected_payload == config.transmissions[i].grant.expected_payload);
    }
  }
}

TEST_CASE("synth: slots of 60 and 120 kHz, which are not equally long, decode wherever the recording begins",
          "[station][synth]") {
  for (const auto* spacing : {"scs_khz: 60", "scs_khz: 120"}) {
    for (const auto* first : {"first_slot: 17", "first_slot: 3"}) {
      std::string text = replaced("scs_khz: 30", spacing);
      text.replace(text.find("first_slot: 18"), 14, first);
      text.replace(text.find("slots: 4"), 8, "slots: 9");
      const Synthesized made(text);
      const auto recording = stream::open_recording(made.name());
      CHECK(recording.problems.empty());
      REQUIRE(recording.slots.size() == 9);
      CHECK(recording.slots[8].sample_start + recording.slots[8].sample_count == recording.data_samples);
      const auto result = replay(recording, {});
      CHECK(result.blocks_right() == 9);
    }
  }
}

TEST_CASE("synth: redundancy versions take turns, a block keeps its payload until they are through",
          "[station][synth]") {
  const auto sent = parse_synth_config(kConfig + "    transmissions: [0, 2, 3]\n", "test.yaml").transmissions;
  REQUIRE(sent.size() == 4);
  const std::vector<int> versions{0, 2, 3, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(sent[i].grant.rv == versions[i]);
    CHECK(sent[i].grant.new_data == (versions[i] == 0));
    CHECK_FALSE(sent[i].grant.harq_process.empty());
    CHECK((sent[i].grant.expected_payload == sent[0].grant.expected_payload) == (i < 3));
  }
}

TEST_CASE("synth: a grant is sent in the slots it names, with the payload it names", "[station][synth]") {
  const auto size = parse_synth_config(replaced("slots: all", "slot: 0"), "").transmissions.at(0).grant.tbs_bits / 4;
  const auto text = replaced("slots: all", "slots: [0, 7]") + "    payload_hex: " + std::string(size, 'a') + "\n";
  const auto sent = parse_synth_config(text, "test.yaml").transmissions;
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].recording_slot == 2);
  CHECK(sent[0].grant.expected_payload == std::vector<std::uint8_t>(size / 2, 0xaa));
}

TEST_CASE("synth: the noise has the energy that snr_db says", "[station][synth]") {
  const Synthesized clean(replaced("snr_db: 30", "snr_db: 120")), noisy(replaced("snr_db: 30", "snr_db: 7"));
  CHECK(mean_energy_of_difference(clean.samples(), noisy.samples()) == Approx(std::pow(10, -0.7)).epsilon(0.02));
}

TEST_CASE("synth: a delayed signal runs on over the seams between slots", "[station][synth]") {
  const auto quiet = [](const std::string& delay_s) {
    auto text = replaced("gain_db: 0", "gain_db: 0, delay_s: " + delay_s);
    return text.replace(text.find("snr_db: 30"), 10, "snr_db: 120");
  };
  const Synthesized in_time(quiet("0")), late(quiet("1.3020833333333334e-5")), early(quiet("-1.3020833333333334e-5"));
  const std::size_t moved = 100 * 2;  // samples of 1/7.68 us, times antennas
  CHECK(mean_energy_of_difference(in_time.samples(), late.samples(), moved) < 1e-9);
  CHECK(mean_energy_of_difference(early.samples(), in_time.samples(), moved) < 1e-9);
  CHECK(mean_energy_of_difference(in_time.samples(), late.samples()) > 0.1);
}

TEST_CASE("synth: 16-bit samples are the floats, rounded, and do not clip", "[station][synth]") {
  const Synthesized floats(kConfig), integers(replaced("cf32_le", "ci16_le"));
  const auto bytes = integers.bytes(".sigmf-data");
  std::vector<std::int16_t> numbers(bytes.size() / 2);
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  const double full_scale = stream::open_recording(integers.name()).full_scale;
  const auto expected = floats.samples();
  REQUIRE(numbers.size() == 2 * expected.size());
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    worst = std::max(worst, std::abs(numbers[2 * i] - full_scale * expected[i].re));
    largest = std::max(largest, std::abs(1.0 * numbers[2 * i + 1]));
  }
  CHECK(worst <= 0.51);
  CHECK(largest > 8000);
  CHECK(largest < 32767);
}

TEST_CASE("synth: a bad configuration is refused by a line that says where and what", "[station][synth]") {
  struct Row {
    std::string from, to, message;
  };
  const std::vector<Row> rows{
      {"seed: 5", "sed: 5", "test.yaml:4: 'sed': unknown key"},
      {"seed: 5", "seed: -1", "test.yaml:4: seed: -1 is not from 0 to"},
      {"first_slot: 18", "first_slot: 20", "test.yaml:2: first_slot: 20 is not from 0 to 19"},
      {"slots: 4", "slots: 0", "test.yaml:3: slots: 0 is not from 1 to"},
      {"snr_db: 30", "snr_db: loud", "test.yaml:5: snr_db: 'loud' is not a finite number"},
      {"snr_db: 30", "snr_db: 1e9", "test.yaml:5: snr_db: 1000000000 is not from -40 to 120"},
      {"cf32_le", "ci8", "test.yaml:6: datatype: not ci16_le or cf32_le"},
      {"carrier_prb: 11", "carrier_prb: 30", "test.yaml:1: carrier: "},
      {"carrier_prb: 11, fft_size: 256", "carrier_prb: 100000000",
       "test.yaml:1: carrier.carrier_prb: 100000000 is not from 1 to 275"},
      {"antennas: 2", "antennas: 65", "test.yaml:1: carrier: "},
      {"scs_khz: 30", "scs_khz: 240", "test.yaml:1: carrier"},
      {"model: awgn", "model: tdl", "test.yaml:7: channel.model: not awgn or flat"},
      {"model: awgn", "model: awgn, condition_limit: 3", "test.yaml:7: channel.condition_limit: needs model flat"},
      {"gain_db: 0", "gain: 0", "test.yaml:7: channel.ues[0].'gain': unknown key"},
      {"gain_db: 0", "gain_db: 90", "test.yaml:7: channel.ues[0].gain_db: 90 is not from -60 to 60"},
      {"gain_db: 0", "delay_s: 1", "test.yaml:7: channel.ues[0].delay_s: 1 is not from -0.0004 to 0.0004"},
      {"gain_db: 0", "cfo_hz: 20e3", "test.yaml:7: channel.ues[0].cfo_hz: 20000 is not from -15000 to 15000"},
      {"{rnti: 1, gain_db: 0}", "{rnti: 1}, {rnti: 1}", "test.yaml:7: channel.ues[1].rnti: given twice"},
      {"{rnti: 1, gain_db: 0}", "{rnti: 1}, {rnti: 2}", "test.yaml:7: channel.ues[1].rnti: no grant is for 2"},
      {"prb_count: 9", "prb_count: 11", "test.yaml:9: grants[0]: "},
      {"mcs_index: 10", "mcs_index: 40", "test.yaml:14: grants[0].mcs_index: "},
      {"n_id: 3\n", "n_id: 3\n    power: 1\n", "test.yaml:14: grants[0].'power': unknown key"},
      {"n_id: 3\n", "n_id: 3\n    rv: 1\n    transmissions: [0]\n", "test.yaml:14: grants[0].rv: not beside"},
      {"n_id: 3\n", "n_id: 3\n    transmissions: [0, 4]\n",
       "test.yaml:14: grants[0].transmissions: 4 is not from 0 to 3"},
      {"n_id: 3\n", "n_id: 3\n    payload_hex: abcd\n", "test.yaml:9: grants[0]: the payload has 2 bytes"},
      {"grants:", "grants: [", "test.yaml:"},
  };
  for (const auto& row : rows) {
    INFO(row.to);
    CHECK_THROWS_WITH(parse_synth_config(replaced(row.from, row.to), "test.yaml"), ContainsSubstring(row.message));
  }
}

TEST_CASE("synth: two grants on one resource block are refused by the second's line, with the first's",
          "[station][synth]") {
  const auto grant = kConfig.substr(kConfig.find("  - slots"));
  auto beside = grant;  // line 16: on the one resource block that the first leaves
  beside.replace(beside.find("prb_start: 1"), 12, "prb_start: 10")
      .replace(beside.find("prb_count: 9"), 12, "prb_count: 1");
  CHECK_NOTHROW(parse_synth_config(kConfig + beside, "test.yaml"));
  CHECK_THROWS_WITH(parse_synth_config(kConfig + beside + beside, "test.yaml"),
                    ContainsSubstring("test.yaml:23: grants[2]: beside grants[1] of line 16: rnti 1 (PRB 10 to 10,"));
  CHECK_THROWS_WITH(parse_synth_config(kConfig + grant, "test.yaml"),
                    ContainsSubstring("test.yaml:16: grants[1]: beside grants[0] of line 9: rnti 1 (PRB 1 to 9,"));
}

TEST_CASE("synth: the shipped examples can be made", "[station][synth]") {
  for (const auto& entry : std::filesystem::directory_iterator(PADO_SOURCE_DIR "/testvectors/synth")) {
    INFO(entry.path());
    CHECK_FALSE(read_synth_config(entry.path().string()).transmissions.empty());
  }
}
