// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "phy/nr/error.h"
#include "phy/nr/validate.h"
#include "stream/recording/grants_file.h"

/// The text of a grants file, applied to data at the rate that it asks for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pado::stream::Recording recording;
  try {
    const auto file = pado::stream::parse_grants_file({reinterpret_cast<const char*>(data), size}, "grants.yaml");
    recording.antennas = file.antennas.value_or(1);
    recording.sample_rate_hz = static_cast<double>(file.scs_hz) * file.fft_size.value_or(1024);
    recording.data_samples = 245'760;
    apply_grants(file, recording);
  } catch (const pado::Error&) {
    return 0;
  }
  for (const auto& slot : recording.slots) {
    if (slot.sample_start < 0 || slot.sample_start > recording.data_samples - slot.sample_count) std::abort();
    for (const auto& grant : slot.grants) pado::nr::validate(grant, recording.carrier);
    pado::nr::validate_slot(slot.grants);
  }
  return 0;
}
