// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/simulator/record_reports.h"

#include <bit>

namespace pado::scheduler {

void record_reports(SimulatedCell& cell, std::int64_t slots, std::int64_t skip,
                    const std::function<void(const RecordedReport&)>& sink) {
  for (std::int64_t slot = 0; slot < slots; ++slot) {
    cell.step();
    if (slot < skip) continue;
    for (std::uint64_t left = cell.arrived(); left != 0; left &= left - 1) {
      RecordedReport record{cell.scheduler().cell(), std::countr_zero(left), cell.scenario().report_delay_slots, {}};
      for (int i = 0; i < kRecordedAges; ++i) {
        cell.channel().reportable_db(record.user, cell.slot() - 1 + i, record.truth_db[i]);
      }
      sink(record);
    }
  }
}

}  // namespace pado::scheduler
