// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Recordings of transmitters that are not ours, through every backend of this build.
#include "station/replay.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "phy/nr/error.h"
#include "stream/recording/open.h"
#include "tests/catch.h"

using namespace pado;

namespace {

const std::filesystem::path kShipped = std::filesystem::path(PADO_SOURCE_DIR) / "testvectors";

std::vector<std::filesystem::path> recordings_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".sigmf-meta") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool is_yardstick(const std::filesystem::path& file) {
  return file.filename().string().find("_yard_") != std::string::npos;
}

/// Backends that this machine can run; says which it cannot.
std::vector<std::string> usable_backends() {
  std::vector<std::string> usable;
  const stream::Recording any = stream::open_recording(recordings_in(kShipped).front().string());
  for (const std::string& backend : station::built_backends()) {
#if defined(__SANITIZE_THREAD__)
    if (backend == "cuda-emulated") {  // its threads are stacks on one thread, which the sanitizer cannot follow
      std::cout << "skipped: cuda-emulated under ThreadSanitizer\n";
      continue;
    }
#endif
    try {
      (void)station::make_slot_decoder(backend, any.carrier, pusch::limits_for_slot(any.carrier, any.slots[0].grants));
      usable.push_back(backend);
    } catch (const Error& error) {
      std::cout << "skipped: " << error.what() << '\n';
    }
  }
  return usable;
}

station::ReplayResult decode(const std::filesystem::path& file, const std::string& backend, int threads = 1) {
  station::ReplayOptions options;
  options.backend = backend;
  options.threads = threads;
  return station::replay(stream::open_recording(file.string()), options);
}

}  // namespace

TEST_CASE("replay: every shipped recording decodes with its payload on every backend", "[replay]") {
  REQUIRE(recordings_in(kShipped).size() >= 20);
  for (const std::string& backend : usable_backends()) {
    for (const auto& file : recordings_in(kShipped)) {
      INFO(backend << " " << file.filename().string());
      const station::ReplayResult result = decode(file, backend);
      CHECK(result.backend == backend);
      CHECK(result.blocks() > 0);
      if (is_yardstick(file)) {  // near threshold: a mature receiver decodes 36 of 40
        CHECK(result.blocks_right() >= 36);
      } else {
        CHECK(result.blocks_right() == result.blocks());
      }
      for (const station::ReplayRow& row : result.rows) CHECK(row.payload_match.has_value());
    }
  }
}

TEST_CASE("replay: all backends give the CPU's verdicts, near threshold but for one block in 40", "[replay]") {
  for (const std::string& backend : usable_backends()) {
    if (backend == "cpu") continue;
    for (const auto& file : recordings_in(kShipped)) {
      INFO(backend << " " << file.filename().string());
      const station::ReplayResult expected = decode(file, "cpu"), got = decode(file, backend);
      REQUIRE(got.rows.size() == expected.rows.size());
      int different = 0;
      for (std::size_t i = 0; i < got.rows.size(); ++i) {
        different += got.rows[i].report.crc_ok != expected.rows[i].report.crc_ok ? 1 : 0;
        CHECK(got.rows[i].report.sinr_db == Approx(expected.rows[i].report.sinr_db).margin(0.05));
        CHECK(got.rows[i].report.cfo_hz == Approx(expected.rows[i].report.cfo_hz).margin(0.5));
        CHECK(got.rows[i].report.timing_offset_ns == Approx(expected.rows[i].report.timing_offset_ns).margin(0.5));
      }
      CHECK(different <= (is_yardstick(file) ? 1 : 0));
      CHECK(got.launches.empty() == (backend == "cuda"));
    }
  }
}

TEST_CASE("replay: recordings of real phones decode", "[replay]") {
  const char* folder = std::getenv("PADO_EXTRA_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: recordings that may not be shipped (set PADO_EXTRA_VECTORS to their folder)\n";
    return;
  }
  int decoded = 0;
  for (const auto& file : recordings_in(folder)) {
    if (file.filename().string().find("_air_") == std::string::npos) continue;
    for (const std::string& backend : usable_backends()) {
      INFO(backend << " " << file.filename().string());
      const station::ReplayResult result = decode(file, backend);
      CHECK(result.blocks() > 0);
      CHECK(result.blocks_right() == result.blocks());
      ++decoded;
    }
  }
  CHECK(decoded > 0);
}

TEST_CASE("replay: threads change nothing but the time", "[replay]") {
  for (const char* name : {"dev18_yard_16qam_tdlb_2rx.sigmf-meta", "dev05_harq_0231_partial.sigmf-meta"}) {
    const station::ReplayResult one = decode(kShipped / name, "cpu", 1), four = decode(kShipped / name, "cpu", 4);
    REQUIRE(one.rows.size() == four.rows.size());
    for (std::size_t i = 0; i < one.rows.size(); ++i) {
      CHECK(one.rows[i].report.crc_ok == four.rows[i].report.crc_ok);
      CHECK(one.rows[i].report.sinr_db == four.rows[i].report.sinr_db);
      CHECK(one.rows[i].report.ldpc_iterations == four.rows[i].report.ldpc_iterations);
    }
  }
}

TEST_CASE("replay: a block of several transmissions counts once, by its last one", "[replay]") {
  const station::ReplayResult result = decode(kShipped / "dev05_harq_0231_partial.sigmf-meta", "cpu");
  REQUIRE(result.rows.size() == 4);
  CHECK(result.blocks() == 1);
  CHECK_FALSE(result.rows[0].right());  // no slot is meant to decode alone at first
  CHECK_FALSE(result.rows[0].last_transmission);
  CHECK(result.rows[3].last_transmission);
  CHECK(result.blocks_right() == 1);
}

TEST_CASE("replay: a backend that was not built is refused with those that were", "[replay]") {
  CHECK_THROWS_WITH(decode(kShipped / "dev01_qpsk_25prb_15k.sigmf-meta", "abacus"), ContainsSubstring("cpu"));
}
