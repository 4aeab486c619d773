// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/synth.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "station/synth_config.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kExamples =
    "Examples:\n"
    "  pado synth testvectors/synth/two_layers.yaml -o two_layers && pado info two_layers\n"
    "docs/synth.md has the format of CONFIG.";

struct SynthArguments {
  std::string config;
  std::string name;
};

/// A line on standard error that counts slots, twice a second, when a run takes over two seconds.
class Progress {
 public:
  explicit Progress(int slots) : slots_(slots) {}
  ~Progress() {
    if (shown_) fmt::print(stderr, "\n");
  }
  void operator()(int done) {
    const auto now = Clock::now();
    if (now < next_ && !(shown_ && done == slots_)) return;
    next_ = now + std::chrono::milliseconds(500);
    shown_ = true;
    fmt::print(stderr, "\rpado synth: slot {} of {}", done, slots_);
    std::fflush(stderr);
  }

 private:
  int slots_;
  bool shown_ = false;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(2);
};

// NAME, however the user wrote the recording.
std::string without_ending(std::string name) {
  for (const char* ending : {".sigmf-meta", ".sigmf-data", ".sigmf"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - std::string(ending).size());
  }
  return name;
}

void run(const SynthArguments& arguments) {
  const auto config = station::read_synth_config(arguments.config);
  const std::string name = without_ending(arguments.name);
  {
    Progress progress(config.slots);
    station::synthesize(config, name, [&progress](int done) { progress(done); });
  }
  fmt::print("{}.sigmf-meta, {}.sigmf-data: {} slots, {} transmissions\n", name, name, config.slots,
             config.transmissions.size());
}

}  // namespace

void add_synth(CLI::App& app) {
  CLI::App* command = app.add_subcommand("synth", "Make a recording with Pado's own transmitter and channel");
  const auto arguments = std::make_shared<SynthArguments>();
  command->add_option("CONFIG", arguments->config, "YAML: carrier, channel, who sends what")->required();
  command->add_option("-o,--output", arguments->name, "NAME of the recording: NAME.sigmf-meta and NAME.sigmf-data")
      ->required();
  command->footer(kExamples);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace pado::tools
