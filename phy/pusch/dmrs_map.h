// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "phy/nr/grant.h"
#include "phy/transmit_grid.h"

namespace pado::pusch {

/// Writes the DM-RS of all layers of the grant into the grid, TS 38.211, 6.4.1.1, configuration type 1: one port a
/// layer, power_boost_db above a data element. The grid has the grant's layers.
void map_dmrs(const nr::PuschGrant& grant, TransmitGrid& grid);

/// Whether a subcarrier of the allocation carries data in a symbol with DM-RS: the CDM groups without data (TS 38.212,
/// 7.3.1.1.2) leave none of both combs, or one, free for it.
constexpr bool carries_data_beside_dmrs(int cdm_groups_without_data, int subcarrier) {
  return cdm_groups_without_data == 1 && (subcarrier & 1) == 1;
}

}  // namespace pado::pusch
