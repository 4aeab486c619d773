// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "tools/pado/subcommands.h"

namespace pado::tools {
namespace {

constexpr const char* kFooter =
    "Exit status: 0, all is right; 1, some blocks are not; 2, a file or the command line was unusable.\n"
    "`pado COMMAND --help` has examples.";

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
  add_bench(app, status);
  add_synth(app);
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
