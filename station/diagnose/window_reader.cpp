// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/window_reader.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "stream/recording/resampler.h"
#include "stream/recording/slot_reader.h"

namespace pado::station {
namespace {

constexpr float kLargest = 1e15F;  // beyond it, floats are no samples, and their energies overflow

template <class Value>
void reverse_bytes(Value& value) {
  char bytes[sizeof(Value)];
  std::memcpy(bytes, &value, sizeof(Value));
  std::reverse(std::begin(bytes), std::end(bytes));
  std::memcpy(&value, bytes, sizeof(Value));
}

cf32 to_cf32(ci16 x) { return {static_cast<float>(x.re), static_cast<float>(x.im)}; }
cf32 to_cf32(cf32 x) {
  const auto usable = [](float v) { return std::isfinite(v) && std::abs(v) < kLargest; };
  return usable(x.re) && usable(x.im) ? x : cf32{};
}

/// [antenna][sample] of the file's own rate.
template <class Sample>
void read_samples(const stream::Recording& recording, std::int64_t first, SampleWindow& window,
                  const SampleView& view) {
  const std::int64_t begin = std::clamp<std::int64_t>(first, 0, recording.data_samples);
  const std::int64_t end = std::clamp<std::int64_t>(first + window.samples, begin, recording.data_samples);
  const auto count = static_cast<int>(end - begin);
  if (count == 0) return;
  std::vector<Sample> raw(static_cast<std::size_t>(count) * static_cast<std::size_t>(recording.antennas));
  stream::SlotReader reader(recording);
  reader.read({.sample_start = begin, .sample_count = count, .grants = {}}, std::span(raw));
  for (int antenna = 0; antenna < recording.antennas; ++antenna) {
    const std::size_t row = static_cast<std::size_t>(antenna) * static_cast<std::size_t>(window.samples);
    for (int i = 0; i < count; ++i) {
      Sample sample = raw[static_cast<std::size_t>(antenna) * static_cast<std::size_t>(count) + i];
      if (view.big_endian) {
        reverse_bytes(sample.re);
        reverse_bytes(sample.im);
      }
      const cf32 x = to_cf32(sample);
      window.data[row + static_cast<std::size_t>(begin - first) + i] = view.mirrored ? conj(x) : x;
    }
  }
}

/// The same at the carrier's rate.
void resample(SampleWindow& window, double ratio, int slot_samples) {
  SampleWindow result{.antennas = window.antennas, .samples = 3 * slot_samples, .slot_start = slot_samples, .data = {}};
  result.data.resize(static_cast<std::size_t>(window.antennas) * static_cast<std::size_t>(result.samples));
  stream::Resampler resampler(1 / ratio);
  const auto row_of = [](auto& data, int antenna, int samples) {
    return std::span(data).subspan(static_cast<std::size_t>(antenna) * static_cast<std::size_t>(samples),
                                   static_cast<std::size_t>(samples));
  };
  const double start = window.slot_start - ratio * slot_samples;
  for (int antenna = 0; antenna < window.antennas; ++antenna) {
    resampler.run(row_of(window.data, antenna, window.samples), start, row_of(result.data, antenna, result.samples));
  }
  window = std::move(result);
}

}  // namespace

SampleWindow read_window(const stream::Recording& recording, const stream::RecordedSlot& slot, const SampleView& view) {
  stream::Recording as_seen = recording;
  as_seen.sample_type = view.type;
  as_seen.data_samples =
      recording.data_samples * stream::bytes_per_sample(recording.sample_type) / stream::bytes_per_sample(view.type);
  const int length = slot.sample_count;
  const auto scaled = [&view](double samples) { return static_cast<int>(std::lround(view.rate_ratio * samples)); };
  SampleWindow window{
      .antennas = recording.antennas, .samples = scaled(3.0 * length), .slot_start = scaled(length), .data = {}};
  window.data.resize(static_cast<std::size_t>(window.antennas) * static_cast<std::size_t>(window.samples));
  const std::int64_t start =
      view.positions_scale ? std::llround(view.rate_ratio * static_cast<double>(slot.sample_start)) : slot.sample_start;
  if (view.type == stream::SampleType::ci16) {
    read_samples<ci16>(as_seen, start - window.slot_start, window, view);
  } else {
    read_samples<cf32>(as_seen, start - window.slot_start, window, view);
  }
  if (view.rate_ratio != 1) resample(window, view.rate_ratio, length);
  return window;
}

}  // namespace pado::station
