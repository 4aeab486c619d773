// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "phy/nr/grant.h"

namespace pado::pusch {

/// What happened to blocks that should have been combined. None of it stops anything.
struct HarqCounters {
  std::uint64_t without_first = 0;  // retransmissions of a block that began unseen: decoded alone
  std::uint64_t resized = 0;        // retransmissions whose block has another size: they begin it anew
  std::uint64_t evicted = 0;        // processes that lost their buffer to a newer one
  std::uint64_t without_room = 0;   // transmissions beyond the processes that one slot can hold: decoded alone
  bool operator==(const HarqCounters&) const = default;
};

/// Who has which soft buffer of a fixed number. Processes come and never say goodbye: where all buffers are taken, the
/// one whose process was silent for longest goes to the next. The same grants give the same places.
class HarqPool {
 public:
  explicit HarqPool(int buffers);

  struct Place {
    int buffer = -1;          // of the pool; -1: none
    std::uint64_t block = 0;  // numbers ascend: of two blocks in one buffer the later one has the greater number
  };

  /// The following places are of one slot: it takes no buffer from itself.
  void begin_slot() { ++slot_; }
  /// A block that is sent once.
  Place once() { return {-1, ++blocks_}; }
  Place place(const nr::PuschGrant& grant, int payload_bits);
  /// Ends all processes. Counters stay.
  void clear();
  [[nodiscard]] const HarqCounters& counters() const { return counters_; }

 private:
  struct Process {
    std::uint64_t last_slot = 0;  // 0: the buffer is free
    int rnti = 0;
    std::string name;
    int grant_block = 0;      // the grant's number of the block ...
    std::uint64_t block = 0;  // ... and ours
    int payload_bits = 0;
  };
  Process* find(const nr::PuschGrant& grant);
  Process* free_one();

  std::vector<Process> processes_;
  std::uint64_t slot_ = 0, blocks_ = 0;
  HarqCounters counters_;
};

}  // namespace pado::pusch
