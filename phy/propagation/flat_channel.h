// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/ofdm_modulate.h"
#include "phy/nr/grant.h"
#include "phy/propagation/gains.h"
#include "phy/transmit_grid.h"

namespace pado::propagation {

/// The way from one UE to the antennas, the same on all subcarriers but for its delay.
struct FlatPath {
  Gains gains;
  double gain_db = 0;
  double delay_s = 0;  // of either sign; shorter than a slot
  double cfo_hz = 0;   // phase 0 at the recording's first sample
};

/// Where a piece of a recording lies: its first sample counted from the transmitted slot's first one (negative: before
/// it), and counted from the recording's first.
struct Window {
  int from_slot_start = 0;
  std::int64_t from_recording_start = 0;
  int samples = 0;
};

/// Turns what UEs send into what antennas receive, for one carrier. Not for two threads at a time.
class FlatChannel {
 public:
  explicit FlatChannel(const nr::Carrier& carrier);

  /// Adds the part of a UE's slot (slot: in the frame) that falls into the window to received, [antenna][sample].
  void add_slot(const FlatPath& path, const TransmitGrid& grid, int slot, const Window& window,
                std::span<cf32> received);

 private:
  nr::Carrier carrier_;
  OfdmModulator modulator_;
  std::vector<cf32> antenna_;  // one antenna's samples before the CFO
};

}  // namespace pado::propagation
