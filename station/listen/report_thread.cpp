// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/listen/report_thread.h"

#include <chrono>
#include <utility>

namespace pado::station {

ReportThread::ReportThread(std::span<const std::unique_ptr<DecodeWorker>> workers, double deadline_us,
                           std::function<void(const ListenSummary&)> progress)
    : workers_(workers),
      deadline_us_(deadline_us),
      progress_(std::move(progress)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ListenSummary ReportThread::finish() {
  thread_.request_stop();
  thread_.join();
  count();
  return std::move(summary_);
}

void ReportThread::run(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  auto next_progress = Clock::now() + std::chrono::seconds(1);
  while (!stop.stop_requested()) {
    count();
    if (progress_ && Clock::now() >= next_progress) {
      next_progress += std::chrono::seconds(1);
      progress_(summary_);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void ReportThread::count() {
  SlotOutcome outcome;
  for (const auto& worker : workers_)
    while (worker->next_outcome(outcome)) summary_.add(outcome, deadline_us_);
}

}  // namespace pado::station
