// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "phy/uci/decoder.h"

namespace pado::pusch {

/// Stages of the receiver, in their order; most are named for their kernels.
enum class Stage : std::uint8_t {
  ofdm_demodulate,
  estimate_channel,
  compute_receive_weights,
  combine_and_demap,
  decode_uci,
  recover_rate,
  decode_ldpc,
  check_crc
};
inline constexpr int kStages = 8;
inline constexpr std::array<std::string_view, kStages> kStageNames{
    "ofdm_demodulate", "estimate_channel", "compute_receive_weights", "combine_and_demap", "decode_uci", "recover_rate",
    "decode_ldpc",     "check_crc"};

enum class UeStatus : std::uint8_t {
  decoded,  // the CRC holds
  crc_failed,
  no_signal,       // nothing on the DM-RS, or values that are not finite: nothing was decoded
  samples_lost,    // all symbols with DM-RS have gaps: nothing was decoded
  backend_failed,  // the device reported an error: nothing was decoded
  control_only,    // no transport block was granted: see uci
};

/// What a slot told about one UE. Fixed size but for the payload, whose room is reserved at start-up.
struct UeReport {
  int rnti = 0;
  UeStatus status = UeStatus::no_signal;
  bool crc_ok = false;
  float sinr_db = 0;         // after combining, mean over the allocation and layers
  float evm_percent = 0;     // of the combined symbols against the nearest constellation points
  float saturated_llrs = 0;  // share of the soft bits that are as large as they can be
  bool cfo_known = false;    // one DM-RS symbol cannot tell
  float cfo_hz = 0;
  float timing_offset_ns = 0;
  float doppler_hz = 0;
  float ldpc_iterations = 0;  // mean over code blocks
  int code_blocks = 0, code_blocks_ok = 0;
  float time_us = 0;                      // of the UE's own stages
  std::span<const std::uint8_t> payload;  // in the receiver's memory until its next slot
  uci::Results uci{};                     // likewise
};

struct SlotReport {
  std::vector<UeReport> ues;              // capacity reserved; in the order of the plan
  std::array<float, kStages> stage_us{};  // summed over the UEs
  float total_us = 0;
};

}  // namespace pado::pusch
