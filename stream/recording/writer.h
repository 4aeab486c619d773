// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/complex.h"
#include "phy/nr/grant.h"
#include "stream/recording/sample_type.h"

namespace pado::stream {

/// What holds for a whole recording that is to be written.
struct RecordingHeader {
  SampleType sample_type = SampleType::ci16;
  double full_scale = 1;  // the samples as written, divided by it, are in the unit of kernels/slot_samples.h
  nr::Carrier carrier;    // with the number of antennas
  int first_slot = 0;     // in the frame
  std::string description;
  std::string generator;  // program and version
  std::string channel;    // informative
};

/// One transmission of a slot, with what is known of it beyond the grant.
struct WrittenGrant {
  nr::PuschGrant grant;          // its expected_payload is written as payload_hex
  std::optional<double> snr_db;  // informative
};

/// Writes NAME.sigmf-meta and NAME.sigmf-data, slot after slot. Both files appear under their names in finish() and not
/// before; without finish(), or where it throws, nothing is left behind and an older recording stays. Each function
/// throws Error where a file cannot be written.
class RecordingWriter {
 public:
  RecordingWriter(std::filesystem::path base, RecordingHeader header);
  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// The next slot: [antenna][sample], in the header's sample type; the grants' slot is the slot in the frame.
  void add_slot(std::span<const ci16> samples, std::span<const WrittenGrant> grants);
  void add_slot(std::span<const cf32> samples, std::span<const WrittenGrant> grants);
  void finish();

 private:
  template <class Sample>
  void add_samples(std::span<const Sample> samples, SampleType type);
  void annotate(std::span<const WrittenGrant> grants);
  void replace_both(const std::filesystem::path& meta_part);
  [[nodiscard]] int slot_in_frame() const;
  [[nodiscard]] std::filesystem::path with_ending(const char* ending) const;

  std::filesystem::path base_;
  RecordingHeader header_;
  std::ofstream data_;
  std::unique_ptr<nlohmann::json> annotations_;
  int slots_ = 0;
  std::int64_t samples_ = 0;  // of each antenna, so far
  bool finished_ = false;
  std::vector<char> interleaved_;
};

}  // namespace pado::stream
