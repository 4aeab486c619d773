// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/slot_cycle.h"

#include <cmath>
#include <limits>

#include "phy/nr/error.h"
#include "stream/recording/open.h"
#include "stream/recording/played_samples.h"
#include "tests/catch.h"
#include "tests/stream/temporary_folder.h"

using namespace pado;
using namespace pado::stream;

namespace {

constexpr int kSlot = 1920;

/// 30 kHz, FFT of 128 points, slots where they are said.
Recording recording_with(const std::vector<std::int64_t>& starts, std::int64_t data_samples) {
  Recording recording;
  recording.name = "made";
  recording.carrier = {.scs_hz = 30000, .carrier_prb = 10, .fft_size = 128};
  recording.sample_rate_hz = 3.84e6;
  recording.data_samples = data_samples;
  for (const std::int64_t start : starts)
    recording.slots.push_back({.sample_start = start, .sample_count = kSlot, .slot = 0, .grants = {{}}});
  return recording;
}

std::vector<std::pair<std::int64_t, int>> places(const SlotCycle& cycle) {
  std::vector<std::pair<std::int64_t, int>> result;
  for (const SlotCycle::Slot& slot : cycle.slots) result.emplace_back(slot.sample_start, slot.recorded);
  return result;
}
using Places = std::vector<std::pair<std::int64_t, int>>;

}  // namespace

TEST_CASE("cycle: slots on one grid keep their pauses, and the samples before the grid are left out", "[cycle]") {
  const SlotCycle cycle = slot_cycle(recording_with({100 + kSlot, 100 + 3 * kSlot}, 100 + 5 * kSlot + 99));
  CHECK(cycle.slot_samples == kSlot);
  CHECK(places(cycle) ==
        Places{{100, -1}, {100 + kSlot, 0}, {100 + 2 * kSlot, -1}, {100 + 3 * kSlot, 1}, {100 + 4 * kSlot, -1}});
}

TEST_CASE("cycle: slots that lie on no grid follow one another without a gap", "[cycle]") {
  const SlotCycle cycle = slot_cycle(recording_with({7, 3000, 9000}, 11000));
  CHECK(places(cycle) == Places{{7, 0}, {3000, 1}, {9000, 2}});
}

TEST_CASE("cycle: a recording in which nobody transmits, and slots of unequal length, are refused", "[cycle]") {
  CHECK_THROWS_WITH(slot_cycle(recording_with({}, 10000)), ContainsSubstring("nobody transmits"));
  Recording wide = recording_with({0}, 10000);
  wide.carrier.scs_hz = 60000;
  CHECK_THROWS_AS(slot_cycle(wide), UnsupportedError);
}

TEST_CASE("played samples: antennas one after the other, slot after slot", "[cycle]") {
  const tests::TemporaryFolder folder;
  std::string bytes;
  for (std::int16_t i = 0; i < 2 * (kSlot + 10); ++i) {  // antennas interleaved: sample i / 2 of antenna i % 2
    const ci16 sample{i, static_cast<std::int16_t>(i % 2)};
    bytes.append(reinterpret_cast<const char*>(&sample), sizeof sample);
  }
  folder.write("data", bytes);
  Recording recording = recording_with({10}, kSlot + 10);
  recording.antennas = 2;
  recording.data_file = folder / "data";
  const PlayedSamples played = read_played_samples(recording);
  CHECK(played.count == kSlot);
  CHECK(played.piece == kSlot);
  REQUIRE(played.samples.size() == 2 * kSlot);
  CHECK(played.samples[0] == ci16{20, 0});
  CHECK(played.samples[kSlot] == ci16{21, 1});
  CHECK(played.samples.back() == ci16{2 * (kSlot + 10) - 1, 1});
}

TEST_CASE("played samples: floats become integers at a full scale of 4096, clipped ones are counted", "[cycle]") {
  const tests::TemporaryFolder folder;
  std::vector<cf32> samples(kSlot);
  samples[0] = {0.5F, -0.25F};
  samples[1] = {100.0F, std::numeric_limits<float>::quiet_NaN()};
  folder.write("data", std::string(reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(cf32)));
  Recording recording = recording_with({0}, kSlot);
  recording.sample_type = SampleType::cf32;
  recording.full_scale = 2;
  recording.data_file = folder / "data";
  CHECK(stream_full_scale(recording) == 4096);
  const PlayedSamples played = read_played_samples(recording);
  CHECK(played.samples[0] == ci16{1024, -512});
  CHECK(played.samples[1] == ci16{32767, 0});
  CHECK(played.clipped == 2);
}

TEST_CASE("played samples: without known slots all is played", "[cycle]") {
  const tests::TemporaryFolder folder;
  folder.write("data", std::string(4 * 70'000, '\x01'));
  Recording recording;
  recording.name = "made";
  recording.data_samples = 70'000;
  recording.data_file = folder / "data";
  CHECK(read_played_samples(recording).count == 70'000);
  recording.data_samples = 0;
  CHECK_THROWS_AS(read_played_samples(recording), Error);
}
