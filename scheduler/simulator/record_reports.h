// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>

#include "scheduler/simulator/simulated_cell.h"

namespace pado::scheduler {

inline constexpr int kRecordedAges = 5;

/// A report that has just arrived, with what was true while it was the newest. Labels for a predictor's training.
struct RecordedReport {
  const CellState& cell;  // the user's reports up to this one
  int user = 0;
  int first_age = 0;  // in slots, of truth_db[0]; the others follow
  /// As the user would report it in that slot without noise, delay and steps.
  std::array<std::array<float, kMaxRbgs>, kRecordedAges> truth_db{};
};

/// Runs a cell for so many slots and hands out each report that arrives after the first `skip` slots.
void record_reports(SimulatedCell& cell, std::int64_t slots, std::int64_t skip,
                    const std::function<void(const RecordedReport&)>& sink);

}  // namespace pado::scheduler
