// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "station/diagnose/hypothesis.h"
#include "station/diagnose/search.h"
#include "station/slot_decoder.h"

namespace pado::station {

/// Decodes single transmissions as hypotheses would have them.
class Trial {
 public:
  explicit Trial(const stream::Recording& recording) : recording_(recording) {}

  /// Whether the transmission's CRC, and its payload where it is known, come out right. False too where the hypothesis
  /// makes a slot that nobody could be granted.
  bool decodes(const Place& place, const Hypothesis& hypothesis);

  /// The first data identity from 0 to 1007, or the DM-RS's, with which the transmission decodes.
  std::optional<int> data_identity(const Place& place);

 private:
  /// The slot's samples under the hypothesis, kept until the next one.
  SlotSamples samples(const stream::RecordedSlot& slot, const Hypothesis& hypothesis);
  bool decode(const SlotSamples& samples, std::span<const nr::PuschGrant> grants, int grant_index);

  const stream::Recording& recording_;
  std::vector<cf32> slot_;
  std::unique_ptr<SlotDecoder> decoder_;
  pusch::PlanLimits limits_;
};

}  // namespace pado::station
