// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/slot_reader.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "phy/nr/error.h"

namespace pado::stream {

static_assert(std::endian::native == std::endian::little, "the samples are little endian and are read as they are");

SlotReader::SlotReader(const Recording& recording)
    : file_name_(recording.data_file.string()),
      file_(recording.data_file, std::ios::binary),
      sample_type_(recording.sample_type),
      antennas_(recording.antennas) {
  if (!file_) throw Error(fmt::format("{}: cannot be opened for reading", file_name_));
}

template <class Sample>
void SlotReader::read_as(const RecordedSlot& slot, std::span<Sample> samples, SampleType type) {
  const auto count = static_cast<std::size_t>(slot.sample_count);
  const auto antennas = static_cast<std::size_t>(antennas_);
  if (type != sample_type_)
    throw Error(fmt::format("{}: holds {} samples, not {}", file_name_, name(sample_type_), name(type)));
  if (samples.size() != antennas * count)
    throw Error(fmt::format("{}: a slot is {} samples", file_name_, antennas * count));
  interleaved_.resize(samples.size_bytes());
  file_.clear();
  file_.seekg(slot.sample_start * static_cast<std::int64_t>(antennas * sizeof(Sample)));
  file_.read(interleaved_.data(), static_cast<std::streamsize>(interleaved_.size()));
  if (!file_) {
    throw Error(fmt::format("{}: samples {} to {} of slot {} cannot be read", file_name_, slot.sample_start,
                            slot.sample_start + slot.sample_count - 1, slot.slot));
  }
  if (antennas == 1) {
    std::memcpy(samples.data(), interleaved_.data(), interleaved_.size());
    return;
  }
  const char* in = interleaved_.data();
  for (std::size_t sample = 0; sample < count; ++sample) {
    for (std::size_t antenna = 0; antenna < antennas; ++antenna, in += sizeof(Sample)) {
      std::memcpy(&samples[antenna * count + sample], in, sizeof(Sample));
    }
  }
}

template void SlotReader::read_as(const RecordedSlot&, std::span<ci16>, SampleType);
template void SlotReader::read_as(const RecordedSlot&, std::span<cf32>, SampleType);

}  // namespace pado::stream
