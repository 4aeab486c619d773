// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "stream/recording/recording.h"

namespace pado::stream {

/// The slots of a recording as they are played over a socket: one behind the other without a gap, again and again.
/// Sender and receiver both work it out, so that slot i of the stream is slot i % size of the cycle.
/// Where the recorded slots lie on one grid, the cycle is all whole slots of that grid that the data hold, those in
/// which nobody transmits as well. Where they do not, it is the recorded slots alone.
struct SlotCycle {
  struct Slot {
    std::int64_t sample_start = 0;  // in the data
    int recorded = -1;              // index in the recording's slots; -1: nobody transmits
  };
  int slot_samples = 0;  // of each
  std::vector<Slot> slots;
};

/// Throws Error for a recording in which nobody transmits: it has no slots; UnsupportedError from 60 kHz on, where
/// slots are not equally long.
SlotCycle slot_cycle(const Recording& recording);

/// Of the 16-bit samples that are sent: the recording's own, and for a cf32 recording always the same.
double stream_full_scale(const Recording& recording);

}  // namespace pado::stream
