// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "station/listen/decode_worker.h"
#include "station/listen/latency_histogram.h"
#include "stream/assembly/slot_assembler.h"
#include "stream/raw_iq/packet.h"

namespace pado::station {

/// What a listener saw; docs/streaming.md says what the figures mean.
struct ListenSummary {
  double seconds = 0;  // from the first packet to the end
  stream::AssemblyCounters assembly;
  std::array<std::int64_t, stream::raw_iq::kPacketStatuses> datagrams{};  // by status
  std::int64_t datagrams_dropped = 0;  // by the system, before this program saw them; -1: not known
  int receive_buffer_bytes = 0;

  // Slots: each is on time, late or lost; incomplete ones are among them.
  std::int64_t slots_on_time = 0, slots_late = 0, slots_incomplete = 0;
  std::int64_t outcomes_dropped = 0;
  std::int64_t blocks = 0, blocks_right = 0;
  std::int64_t payloads_known = 0, payloads_wrong = 0;
  std::int64_t transmissions = 0, without_signal = 0, backend_failures = 0;
  std::int64_t blocks_failed_of_incomplete = 0;
  LatencyHistogram latency;  // of slots that were decoded
  std::string backend_failure;

  void add(const SlotOutcome& outcome, double deadline_us);

  /// Nothing of them came, or there was no room for them.
  [[nodiscard]] std::int64_t slots_lost() const {
    return assembly.slots_lost + assembly.slots_no_room + outcomes_dropped;
  }
  [[nodiscard]] std::int64_t slots() const { return slots_on_time + slots_late + slots_lost(); }
  /// Datagrams that broke the format.
  [[nodiscard]] std::int64_t datagrams_broken() const;
  /// Every slot was on time, every block that ended is right, nobody else sent.
  [[nodiscard]] bool all_right() const {
    return slots_on_time > 0 && slots_late + slots_lost() == 0 && assembly.packets_beside == 0 &&
           blocks == blocks_right && payloads_wrong == 0;
  }
  /// Why nothing decoded, as far as the figures tell; empty where something did.
  [[nodiscard]] std::string diagnosis() const;
};

}  // namespace pado::station
