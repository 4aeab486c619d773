// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "kernels/complex.h"
#include "stream/recording/recording.h"

namespace pado::stream {

/// Reads slots of a recording's data, which has the antennas interleaved sample by sample, into [antenna][sample].
class SlotReader {
 public:
  /// Throws Error where the data file cannot be opened.
  explicit SlotReader(const Recording& recording);

  /// samples has antennas * sample_count elements and the recording's sample type. Throws Error where the file has
  /// become shorter or cannot be read.
  void read(const RecordedSlot& slot, std::span<ci16> samples) { read_as(slot, samples, SampleType::ci16); }
  void read(const RecordedSlot& slot, std::span<cf32> samples) { read_as(slot, samples, SampleType::cf32); }

 private:
  template <class Sample>
  void read_as(const RecordedSlot& slot, std::span<Sample> samples, SampleType type);

  std::string file_name_;
  std::ifstream file_;
  SampleType sample_type_;
  int antennas_;
  std::vector<char> interleaved_;
};

}  // namespace pado::stream
