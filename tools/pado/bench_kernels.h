// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace pado::tools {

/// `pado bench kernels`; status as in subcommands.h.
void add_bench_kernels(CLI::App& bench, int& status);

}  // namespace pado::tools
