// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/training_samples.h"

#include <cmath>

#include "scheduler/simulator/cell_channel.h"
#include "scheduler/simulator/luck.h"

namespace pado::scheduler::learned {
namespace {

constexpr int kReports = 300;           // of a user
constexpr int kFirstSampled = 3;        // reports before it are too few to say anything
constexpr double kSampledShare = 0.08;  // of the reports; neighbouring ones say nearly the same
constexpr int kRbgsOfReport = 3;

template <class T, std::size_t n>
T one_of(Luck& luck, const std::array<T, n>& values) {
  return values[static_cast<std::size_t>(luck.uniform() * n)];
}

double between(Luck& luck, double low, double high) { return low + (high - low) * luck.uniform(); }

/// Follows one user's reports.
class UserRecorder {
 public:
  UserRecorder(const Scenario& scenario, const CellChannel& channel, std::uint64_t seed, int user)
      : scenario_(scenario), channel_(channel), user_(user), luck_(seed, Draw::scenario, 1 + user) {}

  void record(std::vector<TrainingSample>& samples) {
    for (int i = 0; i < kReports; ++i) {
      CqiReport report;
      report.measured_slot = user_ % scenario_.report_period_slots + std::int64_t{i} * scenario_.report_period_slots;
      channel_.report_db(user_, report.measured_slot, report.sinr_db);
      reports_.push(report);
      statistics_.add(reports_, scenario_.shape.rbgs());
      if (i >= kFirstSampled && luck_.uniform() < kSampledShare) sample(samples);
    }
  }

 private:
  void sample(std::vector<TrainingSample>& samples) {
    const int rbgs = scenario_.shape.rbgs();
    compute_inputs(reports_, statistics_, rbgs, rows_);
    const int age = kYoungestLabel + static_cast<int>(luck_.uniform() * (kOldestLabel - kYoungestLabel + 1));
    channel_.reportable_db(user_, reports_[0].measured_slot + age, truth_db_);
    for (int i = 0; i < kRbgsOfReport; ++i) {
      const int rbg = static_cast<int>(luck_.uniform() * rbgs);
      TrainingSample& made = samples.emplace_back();
      for (int input = 0; input < kInputs; ++input) made.inputs[input] = rows_[input][rbg];
      made.running_mean_db = statistics_.mean_db();
      made.newest_report_db = reported_sinr_db(reports_[0], rbg);
      made.age_slots = static_cast<float>(age);
      made.rbg_prbs = static_cast<float>(scenario_.shape.rbg_prbs);
      made.speed_kmh = static_cast<float>(channel_.speed_kmh(user_));
      made.label_db = truth_db_[rbg];
    }
  }

  const Scenario& scenario_;
  const CellChannel& channel_;
  int user_;
  Luck luck_;
  ReportHistory reports_;
  ReportStatistics statistics_;
  InputRows rows_{};
  std::array<float, kMaxRbgs> truth_db_{};
};

}  // namespace

Scenario training_scenario(std::uint64_t seed) {
  Luck luck(seed, Draw::scenario, 0);
  Scenario scenario;
  scenario.name = "training";
  scenario.speeds_kmh = {2};
  scenario.fastest_kmh = 150;
  constexpr std::array<std::array<int, 2>, 4> kWidths{{{273, 16}, {273, 16}, {106, 8}, {51, 4}}};  // PRBs, of an RBG
  const auto width = one_of(luck, kWidths);
  scenario.shape.prbs = width[0];
  scenario.shape.rbg_prbs = width[1];
  scenario.snr_mean_db = between(luck, 12, 20);
  scenario.inr_mean_db = between(luck, -2, 4);
  scenario.neighbour_slots = 40 * std::exp2(between(luck, -1, 1));
  scenario.delay_spread_s = 100e-9 * std::exp2(between(luck, -1, 1));
  scenario.report_period_slots = one_of(luck, std::array{5, 5, 5, 4, 8, 10});
  scenario.report_noise_db = between(luck, 0.5, 1.5);
  return scenario;
}

void add_training_samples(const Scenario& scenario, std::uint64_t seed, std::vector<TrainingSample>& samples) {
  const CellChannel channel(scenario, seed);
  for (int user = 0; user < channel.users(); ++user) UserRecorder(scenario, channel, seed, user).record(samples);
}

}  // namespace pado::scheduler::learned
