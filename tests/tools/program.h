// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace pado::tests {

/// What the program said and gave back.
struct ProgramRun {
  int status = -1;
  std::string output;  // of standard output, or of standard error where that was asked for
};

/// Runs `pado arguments` through the shell, in the tree's root. Only one of its two streams is kept.
inline ProgramRun run_pado(const std::string& arguments, bool keep_errors = false) {
  const std::string program = PADO_PROGRAM " ";
  const std::string streams = keep_errors ? " 2>&1 >/dev/null" : " 2>/dev/null";
  FILE* pipe = ::popen((program + arguments + streams).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("the program cannot be started");
  ProgramRun run;
  std::array<char, 4096> bytes;
  while (const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), pipe))
    run.output.append(bytes.data(), count);
  const int status = ::pclose(pipe);
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

inline ProgramRun errors_of_pado(const std::string& arguments) { return run_pado(arguments, true); }

}  // namespace pado::tests
