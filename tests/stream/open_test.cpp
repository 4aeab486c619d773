// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/open.h"

#include <cmath>

#include "phy/nr/error.h"
#include "stream/recording/slot_reader.h"
#include "tests/catch.h"
#include "tests/stream/example_recording.h"
#include "tests/stream/temporary_folder.h"

using namespace pado;
using namespace pado::stream;
using namespace pado::tests;

namespace {

/// Sample i of antenna a of the example has re i % 30000 and im a.
std::string example_data() {
  std::string data(kExampleDataBytes, '\0');
  auto* samples = reinterpret_cast<ci16*>(data.data());
  for (int i = 0; i < 2 * 15360; ++i) {
    for (int antenna = 0; antenna < 2; ++antenna) {
      samples[2 * i + antenna] = {static_cast<std::int16_t>(i % 30000), static_cast<std::int16_t>(antenna)};
    }
  }
  return data;
}

constexpr const char* kGrants = R"(carrier:
  scs_khz: 30
  carrier_prb: 51
  fft_size: 1024
  antennas: 2
grants:
  - slots: all
    rnti: 17921
    prb_start: 10
    prb_count: 20
    n_id: 500
    mcs_index: 4
    dmrs: {additional_position: 1, n_id: 500}
)";

OpenOptions with_grants(const std::string& file, const std::string& datatype = "",
                        std::optional<double> rate_hz = std::nullopt) {
  return {.grants_file = file, .datatype = datatype, .rate_hz = rate_hz};
}

}  // namespace

TEST_CASE("open: a recording has three names", "[stream]") {
  const TemporaryFolder folder;
  folder.write("a.b.sigmf-meta", example_of_two_slots().dump());
  folder.write("a.b.sigmf-data", example_data());
  for (const char* name : {"a.b.sigmf-meta", "a.b.sigmf-data", "a.b"}) {
    const Recording recording = open_recording(folder / name);
    CHECK(recording.name == "a.b");
    CHECK(recording.data_file == folder / "a.b.sigmf-data");
    CHECK(recording.slots.size() == 2);
  }
}

TEST_CASE("open: a slot is read antenna by antenna", "[stream]") {
  const TemporaryFolder folder;
  folder.write("x.sigmf-meta", example_of_two_slots().dump());
  folder.write("x.sigmf-data", example_data());
  const Recording recording = open_recording(folder / "x");
  SlotReader reader(recording);
  std::vector<ci16> samples(2 * 15360);
  reader.read(recording.slots[1], samples);
  CHECK(samples[0] == ci16{15360, 0});
  CHECK(samples[15359] == ci16{30719 - 30000, 0});
  CHECK(samples[15360] == ci16{15360, 1});
  reader.read(recording.slots[0], samples);
  CHECK(samples[1] == ci16{1, 0});
  std::vector<cf32> other(2 * 15360);
  CHECK_THROWS_WITH(reader.read(recording.slots[0], other), ContainsSubstring("holds ci16_le samples, not cf32_le"));
}

TEST_CASE("open: data that shrinks later is an error, and the reader stays usable", "[stream]") {
  const TemporaryFolder folder;
  folder.write("x.sigmf-meta", example_of_two_slots().dump());
  folder.write("x.sigmf-data", example_data());
  const Recording recording = open_recording(folder / "x");
  folder.write("x.sigmf-data", example_data().substr(0, kExampleDataBytes / 2));
  SlotReader reader(recording);
  std::vector<ci16> samples(2 * 15360);
  CHECK_THROWS_WITH(reader.read(recording.slots[1], samples), ContainsSubstring("cannot be read"));
  CHECK_NOTHROW(reader.read(recording.slots[0], samples));
}

TEST_CASE("open: what cannot be used is refused with the file's name", "[stream]") {
  const TemporaryFolder folder;
  const auto refused = [&](const char* name, const char* message) {
    INFO(message);
    CHECK_THROWS_WITH(open_recording(folder / name), ContainsSubstring(name) && ContainsSubstring(message));
  };
  refused("nothing", "nothing: no such file, and no ");
  refused("nothing.fc32", "nothing.fc32: no such file");
  refused("nothing.sigmf-meta", "no such file");
  folder.write("x.sigmf-meta", example_metadata().dump());
  refused("x.sigmf-data", "no such file");
  folder.write("x.sigmf-meta", "{");
  refused("x.sigmf-meta", "not JSON");
  folder.write("bare", "12345678");
  refused("bare", "no recording: there is no");
  folder.write("bare.fc32", "12345678");
  refused("bare.fc32", "needs --grants");
  CHECK_THROWS_AS(open_recording((folder / "").string()), Error);
}

TEST_CASE("open: a datatype or rate beside SigMF has to agree with it", "[stream]") {
  const TemporaryFolder folder;
  folder.write("x.sigmf-meta", example_of_two_slots().dump());
  folder.write("x.sigmf-data", example_data());
  CHECK_NOTHROW(open_recording(folder / "x", {.grants_file = "", .datatype = "sc16", .rate_hz = 30.72e6}));
  CHECK_THROWS_WITH(open_recording(folder / "x", {.grants_file = "", .datatype = "cf32", .rate_hz = std::nullopt}),
                    ContainsSubstring("core:datatype ci16_le contradicts --datatype cf32"));
  CHECK_THROWS_WITH(open_recording(folder / "x", {.grants_file = "", .datatype = "", .rate_hz = 1e6}),
                    ContainsSubstring("core:sample_rate 30720000 contradicts --rate 1000000"));
}

TEST_CASE("open: core:dataset names another data file", "[stream]") {
  const TemporaryFolder folder;
  nlohmann::json metadata = example_of_two_slots();
  metadata["global"]["core:dataset"] = "samples.bin";
  folder.write("x.sigmf-meta", metadata.dump());
  folder.write("samples.bin", example_data());
  CHECK(open_recording(folder / "x").data_file == folder / "samples.bin");
}

TEST_CASE("open: a grants file stands in for annotations", "[stream]") {
  const TemporaryFolder folder;
  nlohmann::json metadata = example_metadata();
  metadata["annotations"] = nlohmann::json::array();
  folder.write("x.sigmf-meta", metadata.dump());
  folder.write("x.sigmf-data", example_data());
  folder.write("grants.yaml", kGrants);
  const Recording recording = open_recording(folder / "x", with_grants(folder / "grants.yaml"));
  CHECK(recording.problems.empty());
  REQUIRE(recording.slots.size() == 2);
  CHECK(recording.slots[1].slot == 1);
  CHECK(recording.slots[1].grants[0].tbs_bits == 1736);
}

TEST_CASE("open: a bare file of samples has its type from its ending or from the caller", "[stream]") {
  const TemporaryFolder folder;
  folder.write("x.sc16", example_data());
  folder.write("x.bin", example_data());
  folder.write("grants.yaml", kGrants);
  const std::string grants = folder / "grants.yaml";
  CHECK(open_recording(folder / "x.sc16", with_grants(grants)).slots.size() == 2);
  CHECK(open_recording(folder / "x.bin", with_grants(grants, "ci16")).slots.size() == 2);
  CHECK(open_recording(folder / "x.bin", with_grants(grants, "cf32_le")).slots.size() == 1);
  CHECK_THROWS_WITH(open_recording(folder / "x.bin", with_grants(grants, "cu8")),
                    ContainsSubstring("datatype cu8 is not cf32_le or ci16_le"));
  CHECK_THROWS_WITH(open_recording(folder / "x.bin", with_grants(grants)), ContainsSubstring("no --datatype"));
  CHECK_THROWS_WITH(open_recording(folder / "x.sc16", with_grants(grants, "", 23.04e6)),
                    ContainsSubstring("contradicts the sample rate 23040000"));
  CHECK_THROWS_WITH(open_recording(folder / "x.sc16", with_grants(grants, "", std::nan(""))),
                    ContainsSubstring("--rate nan is not above 0"));
  CHECK_THROWS_WITH(open_recording(folder / "x.sc16", with_grants(folder / "none.yaml")),
                    ContainsSubstring("none.yaml: no such file"));
}
