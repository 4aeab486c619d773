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
  std::vector<nr::BlockRun> sent;  // the code blocks in this transmission
  uci::Plan uci;                   // control information beside the transport block
  bool shared_channel = true;      // false: there is no transport block
  int llrs = 0;                    // soft bits of the transmission
  int soft_buffer = 0;             // of the receiver's: where the block's soft bits are kept
  std::uint64_t block = 0;  // no other block of the planner has this number: a buffer that holds another starts afresh
  std::vector<std::uint32_t> pilots;      // as in ChannelArgs
  std::vector<std::uint32_t> scrambling;  // as in DemapArgs
};

/// Everything that the pipeline needs for one slot, precomputed and validated.
struct SlotPlan {
  OfdmShape ofdm;
  float sample_rate_hz = 0;
  int prefix_samples = 0;  // of the shorter cyclic prefixes
  std::vector<UePlan> ues;
};

/// The most that a receiver is made for.
struct PlanLimits {
  int ues = 1;             // of a slot
  int harq_processes = 0;  // blocks that wait for another transmission at the same time: one more displaces the oldest
  int prbs = 1;            // of a UE
  int layers = 1;
  int code_blocks = 1;
  int llrs = 1;
  int payload_bytes = 1;
  std::size_t soft_bytes = 1;  // of one transport block
  int uci_bits = 0;            // of a UE in a slot
};

/// What the grants of a recording or a cell need at most; harq_processes counts the distinct processes.
PlanLimits limits_for(const nr::Carrier& carrier, std::span<const nr::PuschGrant> grants);

/// Makes plans for one carrier, and gives HARQ processes their soft buffers.
class Planner {
 public:
  /// Throws Error for a carrier out of range.
  Planner(const nr::Carrier& carrier, const PlanLimits& limits);

  /// All grants are of one slot. scale: see SlotSamples. max_ldpc_iterations 0: 10 from rate 0.6 on, 20 below.
  /// Throws Error for a grant that cannot be, is not supported, or exceeds the limits.
  SlotPlan plan(std::span<const nr::PuschGrant> grants, float scale, int max_ldpc_iterations = 0);

  /// Ends all HARQ processes: their soft buffers are free for others.
  void end_processes() { pool_.clear(); }
  /// Since the planner was made.
  [[nodiscard]] const HarqCounters& harq_counters() const { return pool_.counters(); }

 private:
  void assign_buffer(const nr::PuschGrant& grant, int index, UePlan& ue);

  nr::Carrier carrier_;
  PlanLimits limits_;
  HarqPool pool_;
};

}  // namespace pado::pusch
