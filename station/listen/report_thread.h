// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <thread>

#include "station/listen/decode_worker.h"
#include "station/listen/summary.h"

namespace pado::station {

/// Counts what the workers say, away from the slot path.
class ReportThread {
 public:
  /// The workers have to outlive it. progress, where there is one, is called each second.
  ReportThread(std::span<const std::unique_ptr<DecodeWorker>> workers, double deadline_us,
               std::function<void(const ListenSummary&)> progress);

  /// After the workers have finished: counts the rest and ends the thread.
  ListenSummary finish();

 private:
  void run(const std::stop_token& stop);
  void count();

  std::span<const std::unique_ptr<DecodeWorker>> workers_;
  double deadline_us_;
  std::function<void(const ListenSummary&)> progress_;
  ListenSummary summary_;
  std::jthread thread_;
};

}  // namespace pado::station
