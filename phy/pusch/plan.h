// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernels/check_crc.h"
#include "kernels/combine_and_demap.h"
#include "kernels/decode_ldpc.h"
#include "kernels/estimate_channel.h"
#include "kernels/limits.h"
#include "kernels/ofdm_demodulate.h"
#include "kernels/receive_beamforming.h"
#include "kernels/recover_rate.h"
#include "phy/nr/code_block_groups.h"
#include "phy/nr/grant.h"
#include "phy/pusch/harq_pool.h"
#include "phy/uci/plan.h"

namespace pado::pusch {

/// One UE's PUSCH in one slot as the kernels want it. Owns its sequences.
struct UePlan {
  int rnti = 0;
  DmrsShape dmrs;
  WeightsShape weights;
  DemapShape demap;
  RateShape rate;
  LdpcShape ldpc;
  CrcShape crc;
  int place = 0;                   // among the users of its group
  std::vector<nr::BlockRun> sent;  // the code blocks in this transmission
  uci::Plan uci;                   // control information beside the transport block
  bool shared_channel = true;      // false: there is no transport block
  int llrs = 0;                    // soft bits of the transmission
  int soft_buffer = 0;             // of the receiver's: where the block's soft bits are kept
  std::uint64_t block = 0;  // no other block of the planner has this number: a buffer that holds another starts afresh
  std::vector<std::uint32_t> pilots;      // as in ChannelArgs
  std::vector<std::uint32_t> scrambling;  // as in DemapArgs
};

/// Users that share resource elements, directly or through others: they are separated jointly. Their layers' channels
/// lie in one array. A user alone is a group as well.
struct PuschGroup {
  std::vector<int> ues;  // of the plan, ascending
  int layers = 0;        // of all of them
  int prb_start = 0, prb_count = 0;
};

/// Everything that the pipeline needs for one slot, precomputed and validated.
struct SlotPlan {
  OfdmShape ofdm;
  float sample_rate_hz = 0;
  int prefix_samples = 0;  // of the shorter cyclic prefixes
  std::vector<UePlan> ues;
  std::vector<PuschGroup> groups;  // each user is in one
};

/// The most that a receiver is made for.
struct PlanLimits {
  int ues = 1;             // of a slot
  int harq_processes = 0;  // blocks that wait for another transmission at the same time: one more displaces the oldest
  int prbs = 1;            // of a UE
  int layers = 1;          // of a UE
  int group_ues = 1, group_layers = 1, group_prbs = 1;  // of a group, see PuschGroup
  int code_blocks = 1;
  int llrs = 1;
  int payload_bytes = 1;
  std::size_t soft_bytes = 1;  // of one transport block
  int uci_bits = 0;            // of a UE in a slot
};

/// What any of these grants needs, one at a time; harq_processes counts the distinct processes.
PlanLimits limits_for(const nr::Carrier& carrier, std::span<const nr::PuschGrant> grants);
/// What all of these together need in one slot.
PlanLimits limits_for_slot(const nr::Carrier& carrier, std::span<const nr::PuschGrant> grants);
/// What either needs.
PlanLimits larger_of(const PlanLimits& a, const PlanLimits& b);
/// What a backend has to be made for.
Limits backend_limits(const nr::Carrier& carrier, const PlanLimits& limits);

/// Makes plans for one carrier, and gives HARQ processes their soft buffers.
class Planner {
 public:
  /// Throws Error for a carrier out of range.
  Planner(const nr::Carrier& carrier, const PlanLimits& limits);

  /// All grants are of one slot. scale: see SlotSamples. max_ldpc_iterations 0: 10 from rate 0.6 on, 20 below.
  /// Throws Error for a grant that cannot be, is not supported, or exceeds the limits.
  SlotPlan plan(std::span<const nr::PuschGrant> grants, float scale, int max_ldpc_iterations = 0);

  /// Of the plans from here on; MMSE-IRC until then.
  void combine_by(Combining combining) { combining_ = combining; }

  /// Ends all HARQ processes: their soft buffers are free for others.
  void end_processes() { pool_.clear(); }
  /// Since the planner was made.
  [[nodiscard]] const HarqCounters& harq_counters() const { return pool_.counters(); }

 private:
  void assign_buffer(const nr::PuschGrant& grant, int index, UePlan& ue);

  nr::Carrier carrier_;
  PlanLimits limits_;
  Combining combining_ = Combining::mmse_irc;
  HarqPool pool_;
};

}  // namespace pado::pusch
