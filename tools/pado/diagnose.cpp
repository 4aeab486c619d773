// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/diagnose.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "stream/recording/open.h"
#include "tools/pado/each_file.h"
#include "tools/pado/recording_files.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  pado diagnose capture.sigmf-meta\n"
    "  pado diagnose capture.fc32 --grants grants.yaml --rate 23.04e6";

int diagnose_file(const std::string& file, const stream::OpenOptions& options) {
  const stream::Recording recording = stream::open_recording(file, options);
  for (const stream::Problem& problem : recording.problems) {
    fmt::print(stderr, "pado: {}: {}\n", recording.name, problem.message);
  }
  if (recording.slots.empty()) {
    fmt::print("{}: nothing to decode\n", recording.name);
    return recording.problems.empty() ? kAllRight : kUnusable;
  }
  const station::ReplayResult result = station::replay(recording, {});
  fmt::print("{}: {} of {} blocks right; {}\n", recording.name, result.blocks_right(), result.blocks(),
             station::diagnose(recording, result).text);
  if (!recording.problems.empty()) return kUnusable;
  return result.blocks_right() == result.blocks() ? kAllRight : kCheckFailed;
}

}  // namespace

void add_diagnose(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("diagnose", "Say why blocks of recordings do not decode, a line a file");
  const auto input = std::make_shared<RecordingFiles>();
  add_recording_files(*command, *input);
  command->footer(kExamples);
  command->callback([input, &status] {
    status = for_each_file(input->files, [&](const std::string& file) { return diagnose_file(file, input->options); });
  });
}

}  // namespace pado::tools
