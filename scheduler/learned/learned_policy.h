// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "scheduler/learned/goodput_mcs.h"
#include "scheduler/learned/predictor.h"
#include "scheduler/link/link_abstraction.h"
#include "scheduler/policies/proportional_fair.h"
#include "scheduler/policies/rbg_choice.h"
#include "scheduler/policy.h"

namespace pado::scheduler::learned {

/// What can be turned. Each part can be exchanged for what proportional fair does, to see what it brings.
struct LearnedKnobs {
  double window_slots = 2500;                     // of the average throughput
  bool predictor = true;                          // false: the newest report, known to kReportSigmaDb
  bool goodput_mcs = true;                        // false: highest MCS at the mean, with an outer loop
  double bias_step = 0.1;                         // dB^2: times the slope of the log likelihood
  double common_share = 0.5;                      // of the forecast's variance, between the RBGs of a user
  double bler_target = 0.2, olla_step_db = 0.03;  // of the outer loop
};

/// Proportional fair on a forecast: a small network, run where a report arrives, says what each RBG's SINR will be and
/// how sure that is; the metric is the goodput of that distribution over the average throughput, and the MCS is the one
/// with the greatest goodput. docs/learned_scheduler.md has the equations.
class LearnedPolicy final : public Policy {
 public:
  explicit LearnedPolicy(const PredictorWeights& weights, const LearnedKnobs& knobs = {});

  [[nodiscard]] std::string_view name() const override { return "learned"; }
  void start(const CellShape& shape, int users) override;
  void on_report(const CellState& cell, int user) noexcept override;
  void on_feedback(const CellState& cell, const Feedback& feedback) noexcept override;
  void allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept override;
  void on_allocated(const CellState& cell, const SlotAllocation& allocation) noexcept override;

  /// Reports for which the network said what cannot be; the report itself took its forecast's place.
  [[nodiscard]] std::int64_t unusable_forecasts() const noexcept override { return unusable_forecasts_; }
  [[nodiscard]] float bias_db(int user) const { return users_[user].bias_db; }

 private:
  struct User {
    ReportStatistics statistics;
    Forecast forecast;
    bool usable = false;
    float bias_db = 0;
    SinrForecast now;  // in the slot that is being scheduled
  };

  void look_ahead(const CellState& cell, int user) noexcept;
  void score(const CellShape& shape, int user) noexcept;
  [[nodiscard]] UserAllocation block(const CellShape& shape, int user, RbgMask rbgs) const noexcept;

  LearnedKnobs knobs_;
  Predictor predictor_;
  LinkTable link_{nr::McsTable::qam256};
  GoodputTable goodput_{link_};
  ThroughputAverage average_;
  std::vector<User> users_;
  InputRows inputs_{};
  RbgScores scores_;
  RbgChoice choice_{};
  std::int64_t unusable_forecasts_ = 0;
};

}  // namespace pado::scheduler::learned
