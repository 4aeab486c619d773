// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "phy/nr/grant.h"

namespace pado::stream {

/// The pado:pusch object of a grant, with every field that read_pusch requires.
nlohmann::json pusch_json(const nr::Carrier& carrier, const nr::PuschGrant& grant);

}  // namespace pado::stream
