// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/writer.h"

#include "phy/nr/error.h"
#include "stream/recording/open.h"
#include "stream/recording/slot_reader.h"
#include "tests/catch.h"
#include "tests/stream/temporary_folder.h"

using namespace pado;
using namespace pado::stream;
using namespace pado::tests;

namespace {

constexpr int kSamples = 15360;

RecordingHeader header() {
  return {
      .sample_type = SampleType::ci16,
      .full_scale = 1000.5,
      .carrier = {.scs_hz = 30000, .carrier_prb = 51, .fft_size = 1024, .phase_compensation_hz = 3.4e9, .antennas = 2},
      .first_slot = 19,
      .description = "a test",
      .generator = "pado",
      .channel = ""};
}

WrittenGrant grant(int slot) {
  WrittenGrant written;
  nr::PuschGrant& g = written.grant;
  g.slot = slot;
  g.rnti = 4660;
  g.prb_start = 3;
  g.prb_count = 2;
  g.code_rate_x1024 = 308;
  g.harq_process = "h1";
  g.expected_payload.assign(184 / 8, 0xa5);
  g.tbs_bits = 184;
  return written;
}

std::vector<ci16> ramp(int offset) {
  std::vector<ci16> samples(2 * kSamples);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = {static_cast<std::int16_t>(i + offset), 7};
  return samples;
}

}  // namespace

TEST_CASE("writer: what was written is read back", "[stream]") {
  const TemporaryFolder folder;
  RecordingWriter writer(folder / "made", header());
  writer.add_slot(ramp(0), std::vector{grant(19)});
  writer.add_slot(ramp(1), std::vector{grant(0)});
  writer.finish();
  CHECK(folder.files() == 2);

  const Recording recording = open_recording(folder / "made");
  CHECK(recording.problems.empty());
  CHECK(recording.carrier == header().carrier);
  CHECK(recording.full_scale == 1000.5);
  REQUIRE(recording.slots.size() == 2);
  const nr::PuschGrant& g = recording.slots[1].grants.at(0);
  CHECK(g.slot == 0);
  CHECK(g.harq_process == "h1");
  CHECK(g.bwp_size == 51);
  CHECK(g.tbs_bits == 184);
  CHECK(g.expected_payload == grant(0).grant.expected_payload);
  std::vector<ci16> samples(2 * kSamples);
  SlotReader(recording).read(recording.slots[1], samples);
  CHECK(samples == ramp(1));
}

TEST_CASE("writer: a slot without transmissions leaves no annotation", "[stream]") {
  const TemporaryFolder folder;
  RecordingWriter writer(folder / "made", header());
  writer.add_slot(ramp(0), {});
  writer.add_slot(ramp(0), std::vector{grant(0)});
  writer.finish();
  CHECK(open_recording(folder / "made").slots.at(0).sample_start == kSamples);
}

TEST_CASE("writer: without finish nothing is left behind and an old recording stays", "[stream]") {
  const TemporaryFolder folder;
  folder.write("made.sigmf-data", "old");
  {
    RecordingWriter writer(folder / "made", header());
    writer.add_slot(ramp(0), std::vector{grant(19)});
  }
  CHECK(folder.files() == 1);
  CHECK(std::filesystem::file_size(folder / "made.sigmf-data") == 3);
}

TEST_CASE("writer: a folder that is not there is named", "[stream]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(RecordingWriter(folder / "no/made", header()),
                    ContainsSubstring("no/made.sigmf-data: cannot be written: No such file"));
}

TEST_CASE("writer: a name that is a folder leaves nothing behind", "[stream]") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "made.sigmf-meta" / "inside");
  {
    RecordingWriter writer(folder / "made", header());
    writer.add_slot(ramp(0), std::vector{grant(19)});
    CHECK_THROWS_AS(writer.finish(), Error);
  }
  CHECK(folder.files() == 1);
}

TEST_CASE("writer: an older recording's data survives metadata that cannot be put in place", "[stream]") {
  const TemporaryFolder folder;
  folder.write("made.sigmf-data", "old");
  std::filesystem::create_directories(folder / "made.sigmf-meta" / "inside");
  {
    RecordingWriter writer(folder / "made", header());
    writer.add_slot(ramp(0), std::vector{grant(19)});
    CHECK_THROWS_AS(writer.finish(), Error);
  }
  CHECK(folder.files() == 2);
  CHECK(std::filesystem::file_size(folder / "made.sigmf-data") == 3);
}

TEST_CASE("writer: an older recording is replaced and leaves nothing behind", "[stream]") {
  const TemporaryFolder folder;
  folder.write("made.sigmf-data", "old");
  folder.write("made.sigmf-meta", "old");
  RecordingWriter writer(folder / "made", header());
  writer.add_slot(ramp(0), std::vector{grant(19)});
  writer.finish();
  CHECK(folder.files() == 2);
  CHECK(open_recording(folder / "made").slots.size() == 1);
}

TEST_CASE("writer: a path without a name is refused", "[stream]") {
  const TemporaryFolder folder;
  for (const std::filesystem::path& base : {folder / "", folder / ".", folder / "..", std::filesystem::path()}) {
    CHECK_THROWS_WITH(RecordingWriter(base, header()), ContainsSubstring("names no recording"));
  }
  CHECK(folder.files() == 0);
}

TEST_CASE("writer: a slot of another size, type or number is refused", "[stream]") {
  const TemporaryFolder folder;
  RecordingWriter writer(folder / "made", header());
  CHECK_THROWS_WITH(writer.add_slot(std::vector<ci16>(kSamples), {}),
                    ContainsSubstring("a slot is 2 * 15360 samples of ci16_le"));
  CHECK_THROWS_AS(writer.add_slot(std::vector<cf32>(2 * kSamples), {}), Error);
  CHECK_THROWS_WITH(writer.add_slot(ramp(0), std::vector{grant(3)}),
                    ContainsSubstring("slot 3 of rnti 4660 is not the recording's next, 19"));
}
