// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kernels/cpu/backend.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/work_buffers.h"
#include "station/slot_bench.h"

namespace pado::station {

/// One slot of a cell with one user, each kernel of the receiver on its own. The first run of them all leaves every
/// kernel's inputs in place, so that any of them may be run again.
class SlotWork {
 public:
  explicit SlotWork(const BenchCell& cell);
  SlotWork(const SlotWork&) = delete;
  SlotWork& operator=(const SlotWork&) = delete;

  void demodulate() noexcept;
  void estimate() noexcept;
  void compute_weights() noexcept;
  void demap() noexcept;
  void recover() noexcept;
  void decode() noexcept;
  void check() noexcept;

  [[nodiscard]] bool payload_right() const;
  [[nodiscard]] const pusch::UePlan& ue() const { return plan_.ues[0]; }
  [[nodiscard]] const pusch::SlotPlan& plan() const { return plan_; }
  [[nodiscard]] int branches() const { return buffers_.summary.view()[0].branches; }
  [[nodiscard]] int data_elements() const { return ue().llrs / ue().demap.bits_per_symbol / ue().demap.layers; }

 private:
  BenchCell cell_;
  std::vector<std::uint8_t> payload_;
  std::vector<cf32> samples_;
  pusch::PlanLimits limits_;
  pusch::SlotPlan plan_;
  cpu::Backend on_;
  pusch::WorkBuffers<cpu::Backend> buffers_;
};

}  // namespace pado::station
