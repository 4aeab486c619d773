// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "phy/nr/error.h"
#include "phy/nr/validate.h"
#include "stream/recording/annotations.h"
#include "stream/recording/sigmf_meta.h"

namespace {

constexpr std::uint64_t kDataBytes = 1'966'080;  // some slots of every carrier

void require(bool condition) {
  if (!condition) std::abort();
}

/// What the receiver relies on: samples inside the data, grants valid alone and together.
void check(const pado::stream::Recording& recording) {
  for (const auto& slot : recording.slots) {
    require(slot.sample_start >= 0 && slot.sample_count > 0);
    require(slot.sample_start <= recording.data_samples - slot.sample_count);
    require(!slot.grants.empty());
    for (const auto& grant : slot.grants) {
      require(grant.slot == slot.slot);
      pado::nr::validate(grant, recording.carrier);
    }
    pado::nr::validate_slot(slot.grants);
  }
  for (const auto& problem : recording.problems) require(problem.message.find('\n') == std::string::npos);
}

}  // namespace

/// The text of a .sigmf-meta file: an Error is a right answer, everything that passes has to be usable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pado::stream::Recording recording;
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    recording = recording_from_annotations(pado::stream::parse_sigmf_meta(text), kDataBytes);
  } catch (const pado::Error&) {
    return 0;
  }
  check(recording);
  return 0;
}
