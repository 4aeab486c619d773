// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/combine_and_demap.h"
#include "phy/nr/grant.h"
#include "phy/transmit_grid.h"

namespace pado::pusch {

/// Writes the DM-RS of all layers of the grant into the grid, TS 38.211, 6.4.1.1: one port a layer,
/// power_boost_db above a data element. The grid has the grant's layers.
void map_dmrs(const nr::PuschGrant& grant, TransmitGrid& grid);

/// The subcarriers that carry data in a symbol with DM-RS: the CDM groups without data (TS 38.212, 7.3.1.1.2) leave
/// none, or those of the other groups.
constexpr DataComb data_beside_dmrs(int type, int cdm_groups_without_data) {
  if (type == 1) return cdm_groups_without_data == 1 ? DataComb::odd : DataComb::none;
  return cdm_groups_without_data == 1   ? DataComb::last_four
         : cdm_groups_without_data == 2 ? DataComb::last_two
                                        : DataComb::none;
}

}  // namespace pado::pusch
