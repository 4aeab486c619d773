// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/training_samples.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/catch.h"

using namespace pado::scheduler;
using namespace pado::scheduler::learned;

namespace {

std::vector<TrainingSample> samples_of(std::uint64_t seed) {
  std::vector<TrainingSample> samples;
  add_training_samples(training_scenario(seed), seed, samples);
  return samples;
}

}  // namespace

TEST_CASE("training samples: the same seed gives the same, another others", "[scheduler][learned]") {
  const auto first = samples_of(5), again = samples_of(5), other = samples_of(6);
  REQUIRE(first.size() == again.size());
  const auto same = [](const TrainingSample& a, const TrainingSample& b) {
    return a.inputs == b.inputs && a.label_db == b.label_db;
  };
  CHECK(std::equal(first.begin(), first.end(), again.begin(), same));
  CHECK_FALSE(same(first[0], other[0]));
}

TEST_CASE("training samples: all ages, widths and speeds that the policy may meet", "[scheduler][learned]") {
  std::set<float> ages, widths;
  float slowest = 1000, fastest = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const TrainingSample& sample : samples_of(seed)) {
      ages.insert(sample.age_slots);
      widths.insert(sample.rbg_prbs);
      slowest = std::min(slowest, sample.speed_kmh);
      fastest = std::max(fastest, sample.speed_kmh);
    }
  }
  CHECK(ages.size() == kOldestLabel - kYoungestLabel + 1);
  CHECK(widths == std::set<float>{4, 8, 16});
  CHECK(slowest < 3);
  CHECK(fastest > 120);
  CHECK(fastest <= 150);
}

TEST_CASE("training samples: every number is finite, and labels are near what was reported", "[scheduler][learned]") {
  double square = 0;
  const auto samples = samples_of(3);
  REQUIRE(samples.size() > 500);
  for (const TrainingSample& sample : samples) {
    for (const float input : sample.inputs) REQUIRE(std::isfinite(input));
    REQUIRE(std::isfinite(sample.label_db));
    square += std::pow(sample.label_db - sample.newest_report_db, 2);
  }
  CHECK(std::sqrt(square / static_cast<double>(samples.size())) < 8);
}
