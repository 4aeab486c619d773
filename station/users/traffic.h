// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

#include "phy/propagation/random_stream.h"
#include "scheduler/cell_state.h"

namespace pado::station {

struct TrafficConfig {
  scheduler::TrafficClass kind = scheduler::TrafficClass::full_buffer;
  double load_bps = 4e6;       // of bursts, mean
  double burst_bytes = 20000;  // mean; sizes are exponential, bursts arrive at random (Poisson)
  double slot_s = 500e-6;
  std::uint64_t seed = 1, stream = 0;
};

/// What one user has to send.
class Traffic {
 public:
  explicit Traffic(const TrafficConfig& config);

  /// Lets arrive what arrives in the slot. Slots ascend.
  void arrive(std::int64_t slot);

  /// Bytes that wait; of a full buffer more than any grant takes.
  [[nodiscard]] std::int64_t waiting() const { return waiting_; }
  /// Bursts that found no room, since kRoomBytes and more were waiting.
  [[nodiscard]] std::int64_t turned_away() const { return turned_away_; }
  static constexpr std::int64_t kRoomBytes = 16'000'000;

  struct Taken {
    int bytes = 0;
    std::int64_t arrival_slot = 0;  // of the oldest of them; of a full buffer, and of none, the slot itself
  };
  /// Takes the oldest bytes, at most so many.
  Taken take(int most_bytes, std::int64_t slot);

 private:
  struct Burst {
    std::int64_t bytes = 0, arrival_slot = 0;
  };
  TrafficConfig config_;
  propagation::RandomStream random_;
  double next_s_ = 0;  // arrival of the next burst
  std::deque<Burst> bursts_;
  std::int64_t waiting_ = 0, turned_away_ = 0;
};

}  // namespace pado::station
