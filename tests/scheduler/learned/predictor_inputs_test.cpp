// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/predictor_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/catch.h"

using namespace pado::scheduler;
using namespace pado::scheduler::learned;

namespace {

constexpr int kRbgs = 6;

int row(std::string_view name) {
  return static_cast<int>(std::find(kInputNames.begin(), kInputNames.end(), name) - kInputNames.begin());
}

/// Reports every four slots; each value is 10 + 2 x RBG + the report's own offset.
struct Reports {
  ReportHistory history;
  ReportStatistics statistics;
  std::int64_t slot = 0;

  void add(float offset_db) {
    CqiReport report{.measured_slot = slot};
    for (int r = 0; r < kRbgs; ++r) report.sinr_db[r] = 10 + 2 * static_cast<float>(r) + offset_db;
    add(report);
  }
  void add(const CqiReport& report) {
    history.push(report);
    statistics.add(history, kRbgs);
    slot += 4;
  }
  InputRows rows() const {
    InputRows rows{};
    compute_inputs(history, statistics, kRbgs, rows);
    return rows;
  }
};

}  // namespace

TEST_CASE("inputs: reports are older ones by row and count from the running mean", "[scheduler][learned]") {
  Reports reports;
  reports.add(0);
  reports.add(3);
  const InputRows rows = reports.rows();
  CHECK(reports.statistics.mean_db() == Approx(16.5));  // 15 and 18
  CHECK(rows[row("report 0")][2] == Approx(14 + 3 - 16.5));
  CHECK(rows[row("report 1")][2] == Approx(14 - 16.5));
  CHECK(rows[row("report 4")][2] == Approx(14 - 16.5));  // the oldest stands for what is not there yet
  CHECK(rows[row("wideband 0")][4] == Approx(1.5));
  CHECK(rows[row("wideband 1")][4] == Approx(-1.5));
  CHECK(rows[row("mean of the RBG")][1] == Approx(12 + 1.5 - 16.5));
  CHECK(rows[row("running mean")][0] == Approx(16.5));
}

TEST_CASE("inputs: neighbours are the RBGs beside, the edge's own beyond it", "[scheduler][learned]") {
  Reports reports;
  reports.add(0);
  const InputRows rows = reports.rows();
  CHECK(rows[row("one RBG below")][3] == Approx(rows[row("report 0")][2]));
  CHECK(rows[row("two RBGs above")][3] == Approx(rows[row("report 0")][5]));
  CHECK(rows[row("two RBGs below")][1] == Approx(rows[row("report 0")][0]));
  CHECK(rows[row("one RBG above")][5] == Approx(rows[row("report 0")][5]));
  CHECK(rows[row("rms step in RBGs")][0] == Approx(2));
  CHECK(rows[row("best RBG")][0] == Approx(5));
}

TEST_CASE("inputs: a faster channel shows in the change between reports", "[scheduler][learned]") {
  Reports still, moving;
  for (int i = 0; i < 40; ++i) {
    still.add(0);
    moving.add(i % 2 == 0 ? 0.0F : 4.0F);
  }
  CHECK(still.rows()[row("rms change")][0] == Approx(0).margin(1e-6));
  CHECK(moving.rows()[row("rms change")][0] == Approx(4));
  CHECK(moving.rows()[row("rms change over two")][0] == Approx(0).margin(1e-6));  // it comes back every second time
  CHECK(moving.rows()[row("log2 spacing")][0] == Approx(std::log2(4.0 / 5)));
}

TEST_CASE("inputs: reports that are not finite leave every input finite, then and later", "[scheduler][learned]") {
  Reports reports;
  CqiReport bad{.measured_slot = 0};
  bad.sinr_db.fill(std::numeric_limits<float>::quiet_NaN());
  bad.sinr_db[1] = std::numeric_limits<float>::infinity();
  bad.sinr_db[2] = 1e30F;
  for (int i = 0; i < 5; ++i) {
    i == 2 ? reports.add(bad) : reports.add(1);
    for (const auto& values : reports.rows()) {
      for (int r = 0; r < kRbgs; ++r) CHECK(std::isfinite(values[r]));
    }
  }
}

TEST_CASE("inputs: one RBG alone and slots far apart are no trouble", "[scheduler][learned]") {
  ReportHistory history;
  ReportStatistics statistics;
  InputRows rows{};
  for (const std::int64_t slot : {std::int64_t{0}, std::int64_t{1} << 60}) {
    CqiReport report{.measured_slot = slot};
    report.sinr_db[0] = 7;
    history.push(report);
    statistics.add(history, 1);
    compute_inputs(history, statistics, 1, rows);
  }
  for (const auto& values : rows) CHECK(std::isfinite(values[0]));
  CHECK(rows[row("log2 spacing")][0] == Approx(4));  // cut to 80 slots
}
