// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/slot_samples.h"
#include "phy/nr/grant.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/report.h"

namespace pado::station {

struct LaunchCount {
  std::string kernel;
  std::int64_t launches = 0;
};

/// A PUSCH receiver on a backend chosen at run time. Not for two threads at a time.
class SlotDecoder {
 public:
  virtual ~SlotDecoder() = default;
  virtual void decode(const SlotSamples& slot, const pusch::SlotPlan& plan, pusch::SlotReport& report) noexcept = 0;
  /// What the backend complained of in the last slots, once; empty where all went well.
  [[nodiscard]] virtual std::string take_failure() = 0;
  /// Kernel launches so far; empty where the backend does not count them.
  [[nodiscard]] virtual std::vector<LaunchCount> launches() const = 0;
};

/// Names of the backends of this build; the first is the default.
std::vector<std::string> built_backends();

/// Throws Error for a backend that was not built (it lists those that were) or that cannot run here.
std::unique_ptr<SlotDecoder> make_slot_decoder(std::string_view backend, const nr::Carrier& carrier,
                                               const pusch::PlanLimits& limits);

/// Whether several decoders of the backend may run on threads side by side.
bool runs_side_by_side(std::string_view backend);

}  // namespace pado::station
