// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "station/diagnose/hypothesis.h"

namespace pado::station {

// Lists of hypotheses of one kind, from a base that says how the samples are read. Those with the same offset and
// cfo_hz stand together.

/// Every other slot of the frame, with either n_scid; and the other n_scid in the slot itself.
std::vector<Hypothesis> slot_candidates(Hypothesis base, int frame_slots, int n_scid);
/// Every DM-RS identity that a cell can have, and `also`, with either n_scid.
std::vector<Hypothesis> identity_candidates(Hypothesis base, int n_id, int also);
/// Sequences that begin at another common resource block.
std::vector<Hypothesis> sequence_candidates(Hypothesis base);
/// The allocation elsewhere in the carrier.
std::vector<Hypothesis> prb_candidates(Hypothesis base, int prb_start, int prb_count, int carrier_prb);
/// The carrier up to so many subcarriers lower and higher, and cfo_hz.
std::vector<Hypothesis> frequency_candidates(Hypothesis base, int below, int above, double cfo_hz);
/// The slot up to `reach` samples earlier and later, in steps.
std::vector<Hypothesis> time_candidates(Hypothesis base, int reach, int step);
/// The other types of samples and byte orders, and the mirrored spectrum.
std::vector<Hypothesis> view_candidates(const SampleView& claimed);

}  // namespace pado::station
