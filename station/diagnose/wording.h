// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "station/diagnose/diagnose.h"
#include "station/diagnose/dmrs_probe.h"

namespace pado::station {

/// What else was measured on the way to a diagnosis.
struct Circumstances {
  // Where the DM-RS are as the metadata says: the transmission with the largest margin.
  double sinr_db = 0, needed_db = 0;
  nr::PuschGrant grant;
  // Where there are none.
  int tested = 0;
  double over_surroundings_db = 0;
  PrefixCorrelation prefixes;
};

/// A diagnosis in one line. row: the first transmission that was looked at.
std::string wording(const stream::Recording& recording, const ReplayRow& row, const Diagnosis& diagnosis,
                    const Circumstances& circumstances);

}  // namespace pado::station
