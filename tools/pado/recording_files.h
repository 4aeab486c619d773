// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "stream/recording/open.h"

namespace pado::tools {

/// The recordings that a subcommand works on, and how to read those that say little themselves.
struct RecordingFiles {
  std::vector<std::string> files;
  stream::OpenOptions options;
};

/// Adds FILE..., --grants, --datatype and --rate. result has to live until the subcommand has run.
inline void add_recording_files(CLI::App& command, RecordingFiles& result) {
  command
      .add_option("FILE", result.files, "recording: NAME.sigmf-meta, NAME.sigmf-data, NAME, or a bare file of samples")
      ->required();
  command.add_option("--grants", result.options.grants_file,
                     "YAML that says who transmits, where the recording does not (docs/recording_format.md)");
  command.add_option("--datatype", result.options.datatype,
                     "of a bare file of samples: cf32_le or ci16_le (else by its ending: .fc32 .cf32 .sc16 .ci16)");
  command.add_option("--rate", result.options.rate_hz, "samples a second in a bare file of samples");
}

}  // namespace pado::tools
