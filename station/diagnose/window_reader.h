// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "station/diagnose/dmrs_probe.h"
#include "station/diagnose/hypothesis.h"
#include "stream/recording/recording.h"

namespace pado::station {

/// The slot, and as much before and behind it, taken from the file as the view says; zeros where the file has nothing,
/// or no finite number. Throws Error where the file cannot be read.
SampleWindow read_window(const stream::Recording& recording, const stream::RecordedSlot& slot, const SampleView& view);

}  // namespace pado::station
