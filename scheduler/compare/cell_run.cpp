// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/compare/cell_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "scheduler/simulator/simulated_cell.h"

namespace pado::scheduler {

CellFigures run_cell(const Scenario& scenario, std::uint64_t seed, int slots, const MakePolicy& make) {
  SimulatedCell cell(scenario, seed, make(scenario, seed));
  cell.run(kWarmUpSlots);
  cell.start_counting();
  cell.run(std::max(slots - kWarmUpSlots, 1));
  CellFigures figures;
  for (const UserTotals& user : cell.totals()) {
    figures.first_transmissions += user.first_transmissions;
    figures.first_losses += user.first_losses;
    figures.lost_blocks += user.lost_blocks;
    if (user.active_slots == 0) continue;  // no file came
    const double bps = user.throughput_bps(scenario.shape.slot_s);
    figures.user_bps.push_back(bps);
    figures.sum_bps += static_cast<double>(user.delivered_bits);
    figures.log_mean += std::log(std::max(bps, kLeastThroughput_bps));
  }
  figures.sum_bps /= std::max(slots - kWarmUpSlots, 1) * scenario.shape.slot_s;
  figures.log_mean /= static_cast<double>(std::max<std::size_t>(figures.user_bps.size(), 1));
  figures.fallbacks = cell.scheduler().counters().fallbacks;
  return figures;
}

void run_in_parallel(int jobs, int threads, const std::function<void(int job)>& work,
                     const std::function<void(int done)>& progress) {
  std::atomic<int> next{0}, done{0}, running{threads};
  std::exception_ptr failure;
  std::mutex failure_lock;
  const auto worker = [&] {
    try {
      for (int job = next++; job < jobs; job = next++, ++done) work(job);
    } catch (...) {
      const std::lock_guard lock(failure_lock);
      failure = std::current_exception();
      next = jobs;
    }
    --running;
  };
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) workers.emplace_back(worker);
  while (running > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (progress) progress(done);
  }
  workers.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace pado::scheduler
