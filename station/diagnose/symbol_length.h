// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "station/diagnose/dmrs_probe.h"

namespace pado::station {

/// Sampling rates over the carrier's own for which samples repeat best after a symbol's useful part, as cyclic prefixes
/// make them (TS 38.211, 5.3.1): some, the best first, the carrier's own never.
std::vector<double> likely_rate_ratios(const nr::Carrier& carrier, const SampleWindow& window);

}  // namespace pado::station
