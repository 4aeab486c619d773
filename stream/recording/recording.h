// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "phy/nr/grant.h"
#include "stream/recording/sample_type.h"

namespace pado::stream {

/// One slot of a recording in which somebody transmits. All its samples are in the data file.
struct RecordedSlot {
  std::int64_t sample_start = 0;  // of each antenna, counted from the first sample of the data
  int sample_count = 0;
  int slot = 0;                        // in the frame
  std::vector<nr::PuschGrant> grants;  // validated, alone and with one another
};

/// What is wrong with one annotation (it is in no slot then), or with the recording as a whole.
struct Problem {
  int annotation = -1;       // index in the metadata, or of the grant in a grants file; -1: the whole recording
  std::string message;       // one line that names the annotation, but not the file
  bool unsupported = false;  // right by the standard, but not built
};

/// A recording whose metadata has been read and checked: everything but the samples.
struct Recording {
  std::string name;  // without folder and ending
  std::filesystem::path data_file;
  SampleType sample_type = SampleType::ci16;
  int antennas = 1;
  double sample_rate_hz = 0;
  double full_scale = 1;            // samples divided by it are in the unit of kernels/slot_samples.h
  std::int64_t data_samples = 0;    // of each antenna in the data file
  nr::Carrier carrier;              // meaningful where slots is not empty
  std::vector<RecordedSlot> slots;  // ascending in sample_start
  std::vector<Problem> problems;    // not empty: the exit status is 2, but what is in slots can be decoded
};

}  // namespace pado::stream
