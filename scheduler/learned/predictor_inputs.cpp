// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/predictor_inputs.h"

#include <algorithm>
#include <cmath>

namespace pado::scheduler::learned {
namespace {

constexpr float kLowestDb = -20, kHighestDb = 50;
constexpr int kMeanReports = 100;   // the mean forgets after so many
constexpr int kChangeReports = 30;  // the speed of change may change sooner
constexpr float kUsualSpacingSlots = 5;

float square(float x) { return x * x; }

/// A mean that starts as the plain one and ends as a running one.
void average(float& mean, float value, int count, int memory) {
  mean += (value - mean) / static_cast<float>(std::clamp(count, 1, memory));
}

/// Mean square difference of two reports.
float difference(const CqiReport& a, const CqiReport& b, int rbgs) {
  float sum = 0;
  for (int r = 0; r < rbgs; ++r) sum += square(reported_sinr_db(a, r) - reported_sinr_db(b, r));
  return sum / static_cast<float>(rbgs);
}

float wideband_db(const CqiReport& report, int rbgs) {
  float sum = 0;
  for (int r = 0; r < rbgs; ++r) sum += reported_sinr_db(report, r);
  return sum / static_cast<float>(rbgs);
}

/// The report that is so many behind the newest; the oldest, where there are fewer.
const CqiReport& behind(const ReportHistory& reports, int count) {
  return reports[std::min(count, reports.size() - 1)];
}

}  // namespace

const std::array<std::string_view, kInputs> kInputNames{
    "report 0",       "report 1",         "report 2",         "report 3",       "report 4",
    "two RBGs below", "one RBG below",    "one RBG above",    "two RBGs above", "wideband 0",
    "wideband 1",     "wideband 2",       "wideband 3",       "rms change",     "rms change over two",
    "rms in time",    "rms in frequency", "rms step in RBGs", "best RBG",       "mean of the RBG",
    "running mean",   "log2 spacing"};

float reported_sinr_db(const CqiReport& report, int rbg) noexcept {
  const float value = report.sinr_db[rbg];
  return std::isfinite(value) ? std::clamp(value, kLowestDb, kHighestDb) : kLowestDb;
}

void ReportStatistics::add(const ReportHistory& reports, int rbgs) noexcept {
  if (reports.empty()) return;
  ++reports_;
  const CqiReport& newest = reports[0];
  average(mean_db_, wideband_db(newest, rbgs), reports_, kMeanReports);
  float deviation = 0, step = 0;
  for (int r = 0; r < rbgs; ++r) {
    const float value = reported_sinr_db(newest, r);
    deviation += square(value - mean_db_);
    if (r > 0) step += square(value - reported_sinr_db(newest, r - 1));
  }
  average(variance_, deviation / static_cast<float>(rbgs), reports_, kMeanReports);
  average(step_, step / static_cast<float>(std::max(rbgs - 1, 1)), reports_, kMeanReports);
  if (reports_ < 2 || reports.size() < 2) return;
  average(change_, difference(newest, reports[1], rbgs), reports_ - 1, kChangeReports);
  average(spacing_slots_,
          static_cast<float>(std::clamp<std::int64_t>(newest.measured_slot - reports[1].measured_slot, 1, 80)),
          reports_ - 1, kChangeReports);
  if (reports_ < 3 || reports.size() < 3) return;
  average(change_over_two_, difference(newest, reports[2], rbgs), reports_ - 2, kChangeReports);
}

void compute_inputs(const ReportHistory& reports, const ReportStatistics& statistics, int rbgs,
                    InputRows& rows) noexcept {
  const CqiReport& newest = reports[0];
  const float mean_db = statistics.mean_db();
  std::array<float, 4> wideband{};
  for (int i = 0; i < 4; ++i) wideband[i] = wideband_db(behind(reports, i), rbgs) - mean_db;
  float spread = 0, best = kLowestDb;
  for (int r = 0; r < rbgs; ++r) {
    spread += square(reported_sinr_db(newest, r) - mean_db - wideband[0]);
    best = std::max(best, reported_sinr_db(newest, r));
  }
  // The same for every RBG.
  const std::array<float, kInputs - 9> shared{
      wideband[0],
      wideband[1],
      wideband[2],
      wideband[3],
      std::sqrt(statistics.change()),
      std::sqrt(statistics.change_over_two()),
      std::sqrt(statistics.variance()),
      std::sqrt(spread / static_cast<float>(rbgs)),
      std::sqrt(statistics.step_in_frequency()),
      best - mean_db,
      0,
      mean_db,
      std::log2(std::max(statistics.spacing_slots(), 1.0F) / kUsualSpacingSlots)};
  for (int r = 0; r < rbgs; ++r) {
    for (int i = 0; i < 5; ++i) rows[i][r] = reported_sinr_db(behind(reports, i), r) - mean_db;
    constexpr std::array<int, 4> kNeighbours{-2, -1, 1, 2};
    for (int i = 0; i < 4; ++i) {
      rows[5 + i][r] = reported_sinr_db(newest, std::clamp(r + kNeighbours[i], 0, rbgs - 1)) - mean_db;
    }
    for (int i = 9; i < kInputs; ++i) rows[i][r] = shared[i - 9];
    float sum = 0;
    for (int i = 0; i < reports.size(); ++i) sum += reported_sinr_db(reports[i], r);
    rows[19][r] = sum / static_cast<float>(reports.size()) - mean_db;
  }
}

}  // namespace pado::scheduler::learned
