// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "scheduler/cell_state.h"
#include "scheduler/link/link_abstraction.h"

namespace pado::scheduler::learned {

/// By RBG, in dB: normal distributions.
struct SinrForecast {
  std::array<float, kMaxRbgs> mean_db{}, sigma_db{};
};

struct McsChoice {
  int mcs = 0;
  float sinr_db = 0;   // effective, the bias included
  float sigma_db = 0;  // of it
};

/// The MCS with the greatest goodput over the forecast of these RBGs. A share of each RBG's variance is common to all
/// (neighbours come and go on the whole carrier) and stays in the effective SINR; the rest averages out over n RBGs,
/// but makes dips, which the exponential mapping takes the mean over: sums of three points (Gauss-Hermite).
McsChoice choose_mcs(const LinkTable& link, const CellShape& shape, RbgMask rbgs, const SinrForecast& forecast,
                     float bias_db, float common_share) noexcept;

/// Step of the bias for an ACK or NACK of a first transmission: the slope of the log likelihood of what happened,
/// log P(ACK) or log(1 - P(ACK)), P(ACK) = Phi((SINR - T) / width), by the SINR. An expected outcome moves little; no
/// target for the BLER is needed.
float bias_slope(float threshold_db, const Feedback& feedback) noexcept;

}  // namespace pado::scheduler::learned
