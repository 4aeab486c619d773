// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/recording/recording.h"
#include "stream/recording/yaml_fields.h"

namespace pado::stream {

/// One entry of a grants file; the grant's own slot is not set.
struct GrantEntry {
  nr::PuschGrant grant;
  bool all_slots = false;
  std::vector<int> slots;  // in the frame
  int line = 0;
};

/// Who transmits in a recording that does not say so itself; docs/recording_format.md has the file's format.
struct GrantsFile {
  std::string name;  // for messages
  // The carrier; what is missing is taken from the recording.
  int scs_hz = 30000;
  int carrier_prb = 0;
  std::optional<int> fft_size, antennas;
  double phase_compensation_hz = 0;
  // Where the slots lie in the recording.
  std::optional<double> full_scale;
  std::int64_t first_sample = 0;
  int first_slot = 0;  // number in the frame of the slot at first_sample
  std::optional<std::int64_t> slots;
  std::vector<GrantEntry> grants;
};

/// Members of a grants file alone, for other files that have them too. They refuse members that nobody has asked for.
void read_carrier(YamlFields carrier, GrantsFile& file);
GrantEntry read_grant_entry(YamlFields entry, int frame_slots, int carrier_prb);

/// Throws Error "name:line: field: message".
GrantsFile parse_grants_file(std::string_view text, const std::string& name);

/// Fills slots and carrier of a recording that has type, rate, antennas and data_samples. Throws Error where the file
/// as a whole does not fit the recording; a grant that does not is a problem.
void apply_grants(const GrantsFile& file, Recording& recording);

}  // namespace pado::stream
