// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stream/recording/recording.h"

namespace pado::stream {

/// One transmission on its way into a slot.
struct Transmission {
  int annotation = 0;  // index, for messages
  std::int64_t sample_start = 0;
  nr::PuschGrant grant;
  bool refused = false;  // cannot be decoded, but may begin a block; of the grant only rnti, process and new_data count
};

/// What a message calls a transmission: "annotation 3 (slot 4, rnti 17921)".
std::string label(const char* kind, const Transmission& transmission);

/// Sorts validated transmissions into slots of recording. Those that contradict one another become problems: a slot
/// that reaches beyond the data, two slot numbers for the same samples, resource elements used twice, a retransmission
/// of another block than its first. kind is "annotation" or "grant".
void add_slots(Recording& recording, std::vector<Transmission> transmissions, const char* kind);

}  // namespace pado::stream
