// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "station/cell_config.h"
#include "station/loop/run_summary.h"
#include "stream/address.h"

namespace pado::station {

struct RunOptions {
  CellConfig cell;                                   // its scheduler says the policy
  double seconds = 0;                                // of cell time; 0: until stop
  std::chrono::milliseconds hello_patience{2000};    // for a connection to say who it is
  std::chrono::milliseconds answer_patience{20000};  // for users that are served to answer
  std::function<void(const stream::Address&)> on_listening;
  std::function<void(const std::string&)> on_event;  // a session began or ended, in one line
  const std::atomic<bool>* stop = nullptr;           // true: drain and end
};

/// The base station of the closed loop: waits for users, grants, decodes, and goes on until the time is over. Where
/// users break off, it waits for others. Throws Error for what cannot be set up: address, policy, backend.
RunSummary run_cell(const RunOptions& options);

}  // namespace pado::station
