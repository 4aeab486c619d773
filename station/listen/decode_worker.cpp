// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/listen/decode_worker.h"

#include <algorithm>
#include <chrono>

#include "phy/propagation/random_stream.h"
#include "stream/thread_priority.h"

namespace pado::station {
namespace {

constexpr std::size_t kOutcomes = 16384;  // eight seconds at 30 kHz, for a thread that looks every few milliseconds

SlotSamples samples_of(const stream::SlotBuffer& slot, float scale) {
  SlotSamples samples;
  samples.antennas = static_cast<int>(slot.lost_symbols.size());
  samples.samples = slot.slot_samples;
  samples.scale = scale;
  samples.ci16_samples = slot.iq();
  if (!slot.complete()) samples.lost_symbols = slot.lost_symbols;
  return samples;
}

}  // namespace

std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

DecodeWorker::DecodeWorker(GrantCycle& cycle, const std::string& backend, std::size_t most_slots)
    : cycle_(cycle),
      decoder_(make_slot_decoder(backend, cycle.carrier, cycle.limits)),
      jobs_(most_slots),
      done_(most_slots),
      outcomes_(kOutcomes) {
  report_.ues.reserve(static_cast<std::size_t>(cycle.limits.ues));
  warm_up();
}

// The first use of memory and of code takes time that a slot does not have: decodes noise with the largest plan.
void DecodeWorker::warm_up() {
  const auto size = [](const CycleSlot& slot) {
    int llrs = 0;
    for (const pusch::UePlan& ue : slot.plan.ues) llrs += ue.llrs;
    return llrs;
  };
  const CycleSlot& largest = *std::ranges::max_element(cycle_.slots, {}, size);
  const int antennas = cycle_.carrier.antennas;
  std::vector<ci16> noise(static_cast<std::size_t>(largest.plan.ofdm.samples_per_slot) *
                          static_cast<std::size_t>(antennas));
  propagation::RandomStream random(1, 1);
  for (ci16& sample : noise) {
    const std::uint64_t bits = random.bits();
    sample = {static_cast<std::int16_t>(bits >> 52), static_cast<std::int16_t>((bits >> 40) & 0xfff)};
  }
  SlotSamples samples;
  samples.antennas = antennas;
  samples.samples = largest.plan.ofdm.samples_per_slot;
  samples.scale = cycle_.scale;
  samples.ci16_samples = noise;
  decoder_->decode(samples, largest.plan, report_);
}

void DecodeWorker::start() {
  thread_ = std::jthread([this] { run(); });
}

void DecodeWorker::finish() noexcept {
  if (!thread_.joinable()) return;
  finishing_ = true;
  given_.fetch_add(1);
  given_.notify_one();
  thread_.join();
}

void DecodeWorker::give(const SlotJob& job) noexcept {
  jobs_.push(job);  // never full: there are no more buffers than places
  given_.fetch_add(1);
  given_.notify_one();
}

stream::SlotBuffer* DecodeWorker::take_back() noexcept {
  stream::SlotBuffer* buffer = nullptr;
  return done_.pop(buffer) ? buffer : nullptr;
}

void DecodeWorker::run() noexcept {
  const stream::ThreadPriority priority(stream::ThreadPriority::kDecode);
  for (;;) {
    const int given = given_.load();
    const bool last_look = finishing_.load();
    SlotJob job;
    bool idle = true;
    while (jobs_.pop(job)) {
      decode(job);
      idle = false;
    }
    if (idle && last_look) return;
    if (idle) given_.wait(given);
  }
}

void DecodeWorker::decode(const SlotJob& job) noexcept {
  CycleSlot& slot = cycle_.slots[static_cast<std::size_t>(job.cycle_slot)];
  const stream::SlotBuffer& buffer = *job.buffer;
  SlotOutcome outcome;
  outcome.lost = buffer.last_arrival_ns == 0;
  outcome.incomplete = !buffer.complete();
  outcome.decoded = !outcome.lost && !slot.blocks.empty();
  if (outcome.decoded) {
    if (slot.chain >= 0) enter_round(slot, job.round, cycle_.blocks);
    decoder_->decode(samples_of(buffer, cycle_.scale), slot.plan, report_);
  }
  if (!outcome.lost) outcome.latency_us = 1e-3 * static_cast<double>(now_ns() - buffer.last_arrival_ns);
  judge(job, outcome);
  if (!outcomes_.push(outcome)) outcomes_dropped_.fetch_add(1);
  done_.push(job.buffer);
}

void DecodeWorker::judge(const SlotJob& job, SlotOutcome& outcome) noexcept {
  const CycleSlot& slot = cycle_.slots[static_cast<std::size_t>(job.cycle_slot)];
  outcome.transmissions = static_cast<int>(slot.blocks.size());
  for (std::size_t ue = 0; ue < slot.blocks.size(); ++ue) {
    const ExpectedBlock& block = slot.blocks[ue];
    bool right = false;
    if (outcome.decoded) {
      const pusch::UeReport& report = report_.ues[ue];
      const bool same = block.payload.empty() || std::ranges::equal(report.payload, block.payload);
      right = (report.crc_ok || report.status == pusch::UeStatus::control_only) && same;
      outcome.payloads_wrong += report.crc_ok && !same ? 1 : 0;
      outcome.without_signal += report.status == pusch::UeStatus::no_signal ? 1 : 0;
      outcome.backend_failures += report.status == pusch::UeStatus::backend_failed ? 1 : 0;
    }
    const bool began_here = job.cycle_slot - block.first_slot <= job.slots_before;
    if (!block.last_transmission || !began_here) continue;
    ++outcome.blocks;
    outcome.blocks_right += right ? 1 : 0;
    outcome.payloads_known += block.payload.empty() ? 0 : 1;
    outcome.blocks_failed_of_incomplete += outcome.incomplete && !right ? 1 : 0;
  }
  if (outcome.backend_failures > 0 && failure_.empty()) failure_ = decoder_->take_failure();
}

}  // namespace pado::station
