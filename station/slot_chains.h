// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "stream/recording/recording.h"

namespace pado::station {

/// Slots that must be decoded one after another, by index: those with a HARQ process in common, directly or through
/// others. Every slot is in one chain; chains are in the order of their first slots.
std::vector<std::vector<int>> slot_chains(std::span<const stream::RecordedSlot> slots);

}  // namespace pado::station
