// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "station/diagnose/hypothesis.h"
#include "station/replay.h"
#include "stream/recording/recording.h"

namespace pado::station {

/// Why blocks do not decode, as far as their DM-RS tell.
struct Diagnosis {
  Cause cause = Cause::unknown;
  Hypothesis hypothesis;
  double correlation = 0;          // of the DM-RS under the hypothesis, 0 to 1
  double claimed_correlation = 0;  // as the metadata says
  int tried = 0;                   // transmissions decoded under the hypothesis ...
  int decoded = 0;                 // ... and how many of them came out right
  std::string text;                // one line, with these numbers
};

/// Looks for the likeliest reason why transmissions of a recording failed in its replay. Throws Error where the data
/// cannot be read.
Diagnosis diagnose(const stream::Recording& recording, const ReplayResult& result);

}  // namespace pado::station
