// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "phy/pusch/plan.h"
#include "stream/recording/recording.h"

namespace pado::station {

/// What is checked of one transmission in a slot of the cycle.
struct ExpectedBlock {
  std::vector<std::uint8_t> payload;  // empty: not known
  bool last_transmission = true;      // of its block: the one whose outcome counts
  int first_slot = 0;                 // of the cycle: where the block's first transmission is
  std::uint64_t block = 0;            // its number in the first round
};

/// One slot of the cycle, ready to be decoded.
struct CycleSlot {
  pusch::SlotPlan plan;               // no users: nobody transmits
  std::vector<ExpectedBlock> blocks;  // as the plan's users
  int chain = -1;                     // slots of a chain share HARQ processes, so one worker has them all; -1: any
};

/// Who transmits in a stream whose grants repeat: all plans, made before the first sample comes.
struct GrantCycle {
  nr::Carrier carrier;
  float scale = 1;     // of samples, see SlotSamples
  int first_slot = 0;  // in the frame, the slot that sample time 0 begins
  pusch::PlanLimits limits;
  std::uint64_t blocks = 0;  // numbers that a round uses up
  std::vector<CycleSlot> slots;
};

/// Throws Error where nobody transmits, or a grant cannot be.
GrantCycle make_grant_cycle(const stream::Recording& grants, int max_ldpc_iterations = 0);

/// Gives the blocks of a slot the numbers of another round (from 1 on), so that they are not combined with the last
/// round's.
void enter_round(CycleSlot& slot, std::uint64_t round, std::uint64_t blocks_a_round) noexcept;

}  // namespace pado::station
