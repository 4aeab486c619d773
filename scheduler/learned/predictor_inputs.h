// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "scheduler/cell_state.h"

namespace pado::scheduler::learned {

inline constexpr int kInputs = 22;

/// [input][RBG]: the RBGs of a user side by side.
using InputRows = std::array<std::array<float, kMaxRbgs>, kInputs>;

/// In the order of the rows. A weights file lists the same names: one made for other inputs is refused.
extern const std::array<std::string_view, kInputs> kInputNames;

/// A user's reports in the long run, as far as the base station saw them.
class ReportStatistics {
 public:
  /// The newest of the reports is new.
  void add(const ReportHistory& reports, int rbgs) noexcept;

  [[nodiscard]] float mean_db() const { return mean_db_; }
  [[nodiscard]] float variance() const { return variance_; }                // of one RBG's reports in time
  [[nodiscard]] float change() const { return change_; }                    // mean square, from one report to the next
  [[nodiscard]] float change_over_two() const { return change_over_two_; }  // to the one after the next: Doppler shows
  [[nodiscard]] float step_in_frequency() const { return step_; }           // mean square, between neighbouring RBGs
  [[nodiscard]] float spacing_slots() const { return spacing_slots_; }

 private:
  int reports_ = 0;
  float mean_db_ = 0, variance_ = 0, change_ = 0, change_over_two_ = 0, step_ = 0, spacing_slots_ = 0;
};

/// What the network sees. Reports that are not finite count as very poor ones. There is at least one report.
void compute_inputs(const ReportHistory& reports, const ReportStatistics& statistics, int rbgs,
                    InputRows& rows) noexcept;

/// A report's value as everything here reads it: within what a channel can be, also where it is not finite.
float reported_sinr_db(const CqiReport& report, int rbg) noexcept;

}  // namespace pado::scheduler::learned
