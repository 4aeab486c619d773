// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/slot_cycle.h"

#include <fmt/format.h>

#include <algorithm>

#include "phy/nr/error.h"

namespace pado::stream {
namespace {

// A data element at 0 dB is then 72 dB above the rounding, and a slot of such elements has 18 dB to clipping.
constexpr double kFullScale = 4096;

}  // namespace

SlotCycle slot_cycle(const Recording& recording) {
  if (recording.slots.empty()) throw Error(fmt::format("{}: nobody transmits in it", recording.name));
  if (recording.carrier.scs_hz > 30000) {  // a cycle would have to hold whole subframes
    throw UnsupportedError(fmt::format("{}: slots of unequal length ({} kHz) cannot be streamed yet", recording.name,
                                       recording.carrier.scs_hz / 1000));
  }
  SlotCycle cycle;
  cycle.slot_samples = recording.slots.front().sample_count;
  const std::int64_t first = recording.slots.front().sample_start % cycle.slot_samples;
  const bool on_grid = std::ranges::all_of(
      recording.slots, [&](const RecordedSlot& slot) { return slot.sample_start % cycle.slot_samples == first; });
  if (on_grid) {
    for (std::int64_t start = first; start <= recording.data_samples - cycle.slot_samples; start += cycle.slot_samples)
      cycle.slots.push_back({.sample_start = start});
  }
  for (int index = 0; index < static_cast<int>(recording.slots.size()); ++index) {
    const std::int64_t start = recording.slots[static_cast<std::size_t>(index)].sample_start;
    if (on_grid)
      cycle.slots[static_cast<std::size_t>((start - first) / cycle.slot_samples)].recorded = index;
    else
      cycle.slots.push_back({.sample_start = start, .recorded = index});
  }
  return cycle;
}

double stream_full_scale(const Recording& recording) {
  return recording.sample_type == SampleType::ci16 ? recording.full_scale : kFullScale;
}

}  // namespace pado::stream
