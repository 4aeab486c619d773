// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "station/listen/grant_cycle.h"
#include "station/listen/spsc_ring.h"
#include "station/slot_decoder.h"
#include "stream/assembly/slot_buffer.h"

namespace pado::station {

/// The clock of arrivals and latencies.
std::int64_t now_ns() noexcept;

/// A slot on its way to a worker.
struct SlotJob {
  stream::SlotBuffer* buffer = nullptr;
  int cycle_slot = 0;
  std::uint64_t round = 0;        // of the cycle
  std::int64_t slots_before = 0;  // in this run of the stream: a block that began earlier does not count
};

/// What became of a slot.
struct SlotOutcome {
  double latency_us = 0;  // from the arrival of its last packet to its report
  bool decoded = false;   // somebody transmits in it, and something came
  bool lost = false;      // nothing came
  bool incomplete = false;
  int blocks = 0, blocks_right = 0;  // that ended in this slot
  int payloads_known = 0;            // of blocks
  int payloads_wrong = 0;            // of transmissions whose CRC holds
  int transmissions = 0, without_signal = 0, backend_failures = 0;
  int blocks_failed_of_incomplete = 0;
};

/// A thread that decodes slots in the order in which they are given to it.
class DecodeWorker {
 public:
  /// most_slots: that are with the worker at one time, whose outcomes fit in its queue. cycle stays with the caller;
  /// the worker changes the plans of chains that it alone is given. Throws Error where the backend cannot be had.
  DecodeWorker(GrantCycle& cycle, const std::string& backend, std::size_t most_slots);
  ~DecodeWorker() { finish(); }
  DecodeWorker(const DecodeWorker&) = delete;
  DecodeWorker& operator=(const DecodeWorker&) = delete;

  void start();
  /// Decodes what was given, and ends the thread.
  void finish() noexcept;

  /// From one thread: gives it a slot, and has back the buffers of those that are done.
  void give(const SlotJob& job) noexcept;
  [[nodiscard]] stream::SlotBuffer* take_back() noexcept;

  /// From another thread: what became of the slots.
  [[nodiscard]] bool next_outcome(SlotOutcome& outcome) noexcept { return outcomes_.pop(outcome); }
  /// Outcomes for which the queue had no room.
  [[nodiscard]] std::int64_t outcomes_dropped() const noexcept { return outcomes_dropped_.load(); }
  /// After finish: what the backend complained of first.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

 private:
  void warm_up();
  void run() noexcept;
  void decode(const SlotJob& job) noexcept;
  void judge(const SlotJob& job, SlotOutcome& outcome) noexcept;

  GrantCycle& cycle_;
  std::unique_ptr<SlotDecoder> decoder_;
  pusch::SlotReport report_;
  SpscRing<SlotJob> jobs_;
  SpscRing<stream::SlotBuffer*> done_;
  SpscRing<SlotOutcome> outcomes_;
  std::atomic<int> given_{0};  // wakes the thread
  std::atomic<bool> finishing_{false};
  std::atomic<std::int64_t> outcomes_dropped_{0};
  std::string failure_;
  std::jthread thread_;
};

}  // namespace pado::station
