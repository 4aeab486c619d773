// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace pado::tools {

/// What the program gives back to the shell.
enum ExitStatus { kAllRight = 0, kCheckFailed = 1, kUnusable = 2 };

// Each adds one subcommand, whose callback sets status; what it throws is an Error of the command line or of a file.
void add_info(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_diagnose(CLI::App& app, int& status);
void add_bench(CLI::App& app, int& status);
void add_bler(CLI::App& app, int& status);
void add_synth(CLI::App& app);
void add_schedule(CLI::App& app);
void add_schedule_dataset(CLI::App& schedule);  // below `schedule`
void add_send(CLI::App& app, int& status);
void add_listen(CLI::App& app, int& status);
void add_run(CLI::App& app, int& status);
void add_ue(CLI::App& app, int& status);

}  // namespace pado::tools
