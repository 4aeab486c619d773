// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "stream/recording/recording.h"

namespace pado::stream {

struct OpenOptions {
  std::string grants_file;        // YAML that says who transmits, instead of the metadata; empty: none
  std::string datatype;           // of a bare file of samples; empty: by its ending
  std::optional<double> rate_hz;  // of a bare file of samples
};

/// Opens NAME.sigmf-meta, NAME.sigmf-data or NAME, or with a grants file also a bare file of samples (.fc32, .cf32,
/// .sc16, .ci16, or any with a datatype). Throws Error, its message beginning with the file's name, where the recording
/// as a whole cannot be used; what is wrong with single transmissions is in the recording's problems.
Recording open_recording(const std::string& file, const OpenOptions& options = {});

}  // namespace pado::stream
