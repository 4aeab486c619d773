// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/receive_beamforming.h"
#include "phy/pusch/report.h"
#include "station/slot_decoder.h"
#include "stream/recording/recording.h"

namespace pado::station {

struct ReplayOptions {
  std::string backend = "cpu";
  int threads = 0;              // 0: every core; backends that cannot run side by side take one
  int max_ldpc_iterations = 0;  // 0: by code rate
  bool remove_dc = false;
  Combining combining = Combining::mmse_irc;
};

/// A part of the control information as it was received.
struct ReplayUci {
  uci::Verdict verdict = uci::Verdict::absent;
  std::vector<std::uint8_t> bits;  // one a byte
  std::optional<bool> match;       // empty: nothing to compare with
  [[nodiscard]] bool right() const { return verdict != uci::Verdict::crc_failed && match.value_or(true); }
};

/// One UE in one slot.
struct ReplayRow {
  int slot_index = 0;  // in the recording
  nr::PuschGrant grant;
  pusch::UeReport report;             // its payload is empty
  bool finite = true;                 // false: samples of the slot are NaN or infinite, and nothing was decoded
  std::optional<bool> payload_match;  // empty: no payload to compare with
  std::array<ReplayUci, nr::kUciParts> uci;
  bool last_transmission = true;  // of its block: the one whose outcome counts
  float time_us = 0;              // of the UE, with its share of the slot's demodulation
  /// Everything that it carries.
  [[nodiscard]] bool right() const {
    return (grant.shared_channel ? report.crc_ok && payload_match.value_or(true) : heard()) && uci_right();
  }
  [[nodiscard]] bool uci_right() const {
    return std::ranges::all_of(uci, [](const ReplayUci& part) { return part.right(); });
  }
  [[nodiscard]] bool heard() const { return finite && report.status != pusch::UeStatus::no_signal; }
};

struct ReplayResult {
  std::string recording;
  std::string backend;
  std::vector<ReplayRow> rows;  // in the recording's order
  std::vector<LaunchCount> launches;
  double air_time_s = 0;     // of the decoded slots
  double decode_time_s = 0;  // wall clock
  [[nodiscard]] int blocks() const;
  [[nodiscard]] int blocks_right() const;
  [[nodiscard]] double payload_bits_right() const;
};

/// Decodes all slots of a recording. Slots that share a HARQ process keep their order; others are spread over threads.
/// Throws Error where the data cannot be read or the backend cannot be had.
ReplayResult replay(const stream::Recording& recording, const ReplayOptions& options);

}  // namespace pado::station
