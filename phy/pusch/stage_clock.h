// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>

#include "phy/pusch/report.h"

namespace pado::pusch {

/// Where a slot's time goes; reads the steady clock at the end of each stage and nothing else.
class StageClock {
 public:
  void start() {
    stage_us_ = {};
    slot_start_ = last_ = Clock::now();
  }
  void start_ue() { ue_start_ = last_ = Clock::now(); }
  void done(Stage stage) {
    const auto now = Clock::now();
    stage_us_[static_cast<std::size_t>(stage)] += microseconds(now - last_);
    last_ = now;
  }
  [[nodiscard]] float ue_us() const { return microseconds(Clock::now() - ue_start_); }
  void finish(SlotReport& report) const {
    report.stage_us = stage_us_;
    report.total_us = microseconds(Clock::now() - slot_start_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static float microseconds(Clock::duration d) { return std::chrono::duration<float, std::micro>(d).count(); }

  std::array<float, kStages> stage_us_{};
  Clock::time_point slot_start_, ue_start_, last_;
};

}  // namespace pado::pusch
