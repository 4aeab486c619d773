// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "phy/nr/error.h"
#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

constexpr const char* kFooter =
    "Exit status: 0, all is right; 1, some blocks are not; 2, a file or the command line was unusable.\n"
    "`pado COMMAND --help` has examples.";

/// What is wrong where a word stands in the place of a subcommand and is none; empty where nothing is.
std::string unknown_subcommand(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* known : at->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(known->get_name());
      if (word == known->get_name()) next = known;
    }
    if (names.empty() || word.starts_with('-')) return "";
    if (next == nullptr) {
      return fmt::format("{}: no such subcommand; there {} {}", word, names.size() == 1 ? "is" : "are",
                         fmt::join(names, ", "));
    }
    at = next;
  }
  return "";
}

int run(int argc, char** argv) {
  CLI::App app("Pado: a 5G NR base station in software. Recordings in, verified bits out.", "pado");
  app.require_subcommand(1);
  app.footer(kFooter);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return fmt::format("pado: {} (--help has examples)\n", error.what());
  });
  int status = kAllRight;
  add_info(app, status);
  add_replay(app, status);
  add_diagnose(app, status);
  add_bench(app, status);
  add_bler(app, status);
  add_synth(app);
  add_schedule(app);
  add_send(app, status);
  add_listen(app, status);
  add_run(app, status);
  add_ue(app, status);
  if (const std::string wrong = unknown_subcommand(app, argc, argv); !wrong.empty()) throw Error(wrong);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kAllRight : kUnusable;  // --help ends here too
  }
  return status;
}

}  // namespace
}  // namespace pado::tools

int main(int argc, char** argv) {
  try {
    return pado::tools::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "pado: {}\n", error.what());
    return pado::tools::kUnusable;
  }
}
