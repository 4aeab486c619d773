// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "phy/nr/grant.h"
#include "phy/pusch/plan.h"

namespace pado::pusch {

/// Fills what follows the soft bits: control information, rate matching, LDPC and CRC. The grant has passed validate;
/// max_iterations 0: by code rate.
void plan_decoding(const nr::PuschGrant& grant, int max_iterations, UePlan& ue);

}  // namespace pado::pusch
