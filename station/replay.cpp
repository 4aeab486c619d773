// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "phy/nr/error.h"
#include "phy/pusch/plan.h"
#include "station/slot_chains.h"
#include "stream/recording/dc_removal.h"
#include "stream/recording/slot_reader.h"

namespace pado::station {
namespace {

/// Slots that must be decoded one after another, by index.
using Chain = std::vector<int>;

// Soft buffers are kept for the processes of one chain at a time.
pusch::PlanLimits limits_of(const stream::Recording& recording, const std::vector<Chain>& chains) {
  pusch::PlanLimits limits;
  std::size_t processes = 0;
  for (const Chain& chain : chains) {
    std::set<std::pair<int, std::string>> of_chain;
    for (const int index : chain) {
      const stream::RecordedSlot& slot = recording.slots[index];
      limits = larger_of(limits, pusch::limits_for_slot(recording.carrier, slot.grants));
      for (const nr::PuschGrant& grant : slot.grants)
        if (!grant.harq_process.empty()) of_chain.emplace(grant.rnti, grant.harq_process);
    }
    processes = std::max(processes, of_chain.size());
  }
  limits.harq_processes = static_cast<int>(processes);
  return limits;
}

bool all_finite(std::span<const cf32> samples) {
  return std::ranges::all_of(samples, [](cf32 x) { return std::isfinite(x.re) && std::isfinite(x.im); });
}

// Control information out of the receiver's memory. What was granted and not decoded does not match.
void take_uci(ReplayRow& row) {
  for (std::size_t i = 0; i < row.uci.size(); ++i) {
    const nr::UciPart& granted = row.grant.uci.parts[i];
    const uci::PartResult& received = row.report.uci[i];
    ReplayUci& part = row.uci[i];
    part.verdict = received.verdict;
    part.bits.assign(received.bits.begin(), received.bits.end());
    if (!granted.content.empty()) part.match = std::ranges::equal(part.bits, granted.content);
  }
  row.report.uci = {};
}

/// Reads and decodes slots on one thread.
class Worker {
 public:
  Worker(const stream::Recording& recording, const ReplayOptions& options, const pusch::PlanLimits& limits)
      : recording_(recording),
        options_(options),
        reader_(recording),
        planner_(recording.carrier, limits),
        decoder_(make_slot_decoder(options.backend, recording.carrier, limits)) {
    planner_.combine_by(options.combining);
    report_.ues.reserve(static_cast<std::size_t>(limits.ues));
    if (options.remove_dc) dc_removal_.emplace(recording.carrier.fft_size);
  }

  /// Slots of another chain than before.
  void begin_chain() { planner_.end_processes(); }

  /// rows: the slot's, one a grant.
  void decode(int index, std::span<ReplayRow> rows) {
    const stream::RecordedSlot& slot = recording_.slots[index];
    const pusch::SlotPlan plan =
        planner_.plan(slot.grants, static_cast<float>(1 / recording_.full_scale), options_.max_ldpc_iterations);
    const SlotSamples samples = read(slot);
    const bool finite = all_finite(samples.cf32_samples);
    if (finite) decoder_->decode(samples, plan, report_);
    if (const std::string failure = decoder_->take_failure(); !failure.empty())
      throw Error(
          fmt::format("{}: backend {} failed in slot {}: {}", recording_.name, options_.backend, slot.slot, failure));
    for (std::size_t ue = 0; ue < rows.size(); ++ue) {
      ReplayRow& row = rows[ue];
      row.slot_index = index;
      row.grant = slot.grants[ue];
      row.finite = finite;
      row.report.rnti = row.grant.rnti;
      if (!finite) continue;
      row.report = report_.ues[ue];
      row.time_us = row.report.time_us + report_.stage_us[0] / static_cast<float>(rows.size());
      if (!row.grant.expected_payload.empty()) {
        row.payload_match = std::ranges::equal(row.report.payload, row.grant.expected_payload);
      }
      row.report.payload = {};
      take_uci(row);
    }
  }
  [[nodiscard]] const SlotDecoder& decoder() const { return *decoder_; }

 private:
  SlotSamples read(const stream::RecordedSlot& slot) {
    const std::size_t count =
        static_cast<std::size_t>(slot.sample_count) * static_cast<std::size_t>(recording_.antennas);
    SlotSamples samples{.antennas = recording_.antennas,
                        .samples = slot.sample_count,
                        .scale = static_cast<float>(1 / recording_.full_scale),
                        .ci16_samples = {},
                        .cf32_samples = {},
                        .cf32_grid = {}};
    if (recording_.sample_type == stream::SampleType::ci16) {
      ci16_samples_.resize(count);
      reader_.read(slot, std::span(ci16_samples_));
      if (dc_removal_) dc_removal_->remove(std::span(ci16_samples_), recording_.antennas);
      samples.ci16_samples = ci16_samples_;
    } else {
      cf32_samples_.resize(count);
      reader_.read(slot, std::span(cf32_samples_));
      if (dc_removal_) dc_removal_->remove(std::span(cf32_samples_), recording_.antennas);

      samples.cf32_samples = cf32_samples_;
    }
    return samples;
  }

  const stream::Recording& recording_;
  const ReplayOptions& options_;
  stream::SlotReader reader_;
  pusch::Planner planner_;
  std::unique_ptr<SlotDecoder> decoder_;
  pusch::SlotReport report_;
  std::optional<stream::DcRemoval> dc_removal_;
  std::vector<ci16> ci16_samples_;
  std::vector<cf32> cf32_samples_;
};

// A block's outcome is its last transmission's: the one before the next new block of its process, or before the end.
void mark_last_transmissions(std::vector<ReplayRow>& rows) {
  std::map<std::pair<int, std::string>, ReplayRow*> open;
  for (ReplayRow& row : rows) {
    if (row.grant.harq_process.empty()) continue;
    ReplayRow*& before = open[{row.grant.rnti, row.grant.harq_process}];
    const bool same_block = before != nullptr && !row.grant.new_data && row.grant.block == before->grant.block;
    if (same_block) before->last_transmission = false;
    before = &row;
  }
}

int thread_count(const ReplayOptions& options, std::size_t chains) {
  if (!runs_side_by_side(options.backend)) return 1;
  const int wanted = options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(wanted, 1, static_cast<int>(std::max<std::size_t>(chains, 1)));
}

}  // namespace

int ReplayResult::blocks() const {
  return static_cast<int>(std::ranges::count_if(rows, [](const ReplayRow& r) { return r.last_transmission; }));
}

int ReplayResult::blocks_right() const {
  return static_cast<int>(
      std::ranges::count_if(rows, [](const ReplayRow& r) { return r.last_transmission && r.right(); }));
}

double ReplayResult::payload_bits_right() const {
  double bits = 0;
  for (const ReplayRow& r : rows)
    if (r.last_transmission && r.right()) bits += r.grant.tbs_bits;
  return bits;
}

ReplayResult replay(const stream::Recording& recording, const ReplayOptions& options) {
  ReplayResult result;
  result.recording = recording.name;
  result.backend = options.backend;
  std::vector<std::size_t> first_row;
  for (const stream::RecordedSlot& slot : recording.slots) {
    first_row.push_back(result.rows.size());
    result.rows.resize(result.rows.size() + slot.grants.size());
    result.air_time_s += slot.sample_count / recording.sample_rate_hz;
  }
  if (recording.slots.empty()) return result;
  const std::vector<Chain> chains = slot_chains(recording.slots);
  const pusch::PlanLimits limits = limits_of(recording, chains);
  std::vector<std::unique_ptr<Worker>> workers;
  for (int t = 0; t < thread_count(options, chains.size()); ++t)
    workers.push_back(std::make_unique<Worker>(recording, options, limits));

  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto run = [&](Worker& worker) {
    try {
      for (std::size_t c = next++; c < chains.size(); c = next++) {
        worker.begin_chain();
        for (const int slot : chains[c])
          worker.decode(slot, std::span(result.rows).subspan(first_row[slot], recording.slots[slot].grants.size()));
      }
    } catch (...) {
      const std::scoped_lock lock(failure_mutex);
      failure = std::current_exception();
    }
  };
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 1; t < workers.size(); ++t) threads.emplace_back([&, t] { run(*workers[t]); });
    run(*workers[0]);
  }
  result.decode_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (failure) std::rethrow_exception(failure);
  for (const LaunchCount& count : workers[0]->decoder().launches()) result.launches.push_back(count);
  mark_last_transmissions(result.rows);
  return result;
}

}  // namespace pado::station
