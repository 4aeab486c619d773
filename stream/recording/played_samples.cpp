// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/played_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "phy/nr/error.h"
#include "stream/recording/slot_cycle.h"
#include "stream/recording/slot_reader.h"

namespace pado::stream {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{8} << 30;
constexpr int kReadAtOnce = 1 << 16;  // samples, where there are no slots

SlotCycle cycle_of(const Recording& recording) {
  if (!recording.slots.empty()) return slot_cycle(recording);
  SlotCycle cycle;
  cycle.slot_samples = static_cast<int>(std::min<std::int64_t>(recording.data_samples, kReadAtOnce));
  for (std::int64_t at = 0; cycle.slot_samples > 0 && at < recording.data_samples; at += cycle.slot_samples)
    cycle.slots.push_back({.sample_start = at});
  return cycle;
}

/// One part of a cf32 sample as it is sent.
std::int16_t to_integer(double value, std::int64_t& clipped) {
  constexpr double kMost = std::numeric_limits<std::int16_t>::max();
  if (!(std::abs(value) <= kMost)) {
    ++clipped;
    return std::isnan(value) ? std::int16_t{0} : static_cast<std::int16_t>(value > 0 ? kMost : -kMost);
  }
  return static_cast<std::int16_t>(std::lrint(value));
}

}  // namespace

PlayedSamples read_played_samples(const Recording& recording) {
  const SlotCycle cycle = cycle_of(recording);
  PlayedSamples played;
  played.antennas = recording.antennas;
  played.sample_rate_hz = recording.sample_rate_hz;
  played.piece = recording.slots.empty() ? recording.data_samples : cycle.slot_samples;
  played.count = recording.slots.empty() ? recording.data_samples
                                         : std::ssize(cycle.slots) * static_cast<std::int64_t>(cycle.slot_samples);
  if (played.count == 0) throw Error(fmt::format("{}: holds no samples", recording.name));
  const std::int64_t bytes = played.count * played.antennas * static_cast<std::int64_t>(sizeof(ci16));
  if (bytes > kMostBytes) {
    throw Error(fmt::format("{}: {} GiB of samples are too many to be kept in memory, at most {}", recording.name,
                            bytes >> 30, kMostBytes >> 30));
  }
  played.samples.resize(static_cast<std::size_t>(played.count) * static_cast<std::size_t>(played.antennas));
  SlotReader reader(recording);
  std::vector<ci16> integers;
  std::vector<cf32> floats;
  const double gain = stream_full_scale(recording) / recording.full_scale;
  std::int64_t at = 0;
  for (const SlotCycle::Slot& slot : cycle.slots) {
    RecordedSlot place{.sample_start = slot.sample_start, .grants = {}};
    place.sample_count = static_cast<int>(std::min<std::int64_t>(cycle.slot_samples, played.count - at));
    const std::size_t size = static_cast<std::size_t>(place.sample_count) * static_cast<std::size_t>(played.antennas);
    integers.resize(size);
    if (recording.sample_type == SampleType::ci16) {
      reader.read(place, std::span(integers));
    } else {
      floats.resize(size);
      reader.read(place, std::span(floats));
      std::ranges::transform(floats, integers.begin(), [&](cf32 x) {
        return ci16{to_integer(x.re * gain, played.clipped), to_integer(x.im * gain, played.clipped)};
      });
    }
    for (int antenna = 0; antenna < played.antennas; ++antenna) {
      std::ranges::copy(std::span(integers).subspan(static_cast<std::size_t>(antenna) * place.sample_count,
                                                    static_cast<std::size_t>(place.sample_count)),
                        played.samples.begin() + antenna * played.count + at);
    }
    at += place.sample_count;
  }
  return played;
}

}  // namespace pado::stream
