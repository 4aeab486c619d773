// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/pusch/plan.h"

namespace pado::pusch {

/// The groups of a slot's grants, in the order of their first users. Throws Error where more layers share PRBs than
/// there are orthogonal ports.
std::vector<PuschGroup> find_groups(std::span<const nr::PuschGrant> grants);

/// Fills in what the plans of a group's users say of one another: where their layers' channels lie, whose DM-RS share
/// pilots, and when the others send.
void place_in_group(const PuschGroup& group, std::span<const nr::PuschGrant> grants, std::vector<UePlan>& ues);

/// Row of the DM-RS tables of a layer.
DmrsPort dmrs_port(const nr::PuschGrant& grant, int layer);

}  // namespace pado::pusch
