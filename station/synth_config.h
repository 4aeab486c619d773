// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "station/synth.h"

namespace pado::station {

/// Reads what is to be synthesized from YAML; docs/synth.md has the format. Redundancy versions, payloads and block
/// sizes are filled in, and every slot is valid. Throws Error "name:line: field: message".
SynthConfig parse_synth_config(std::string_view text, const std::string& name);

/// The same from a file.
SynthConfig read_synth_config(const std::string& file);

}  // namespace pado::station
