// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "phy/nr/grant.h"

namespace pado::stream {

/// What one pado:pusch object says.
struct AnnotatedPusch {
  nr::Carrier carrier;
  nr::PuschGrant grant;
};

/// Reads and validates a pado:pusch object. Throws Error for a field that is missing, out of range, or contradicts
/// another (both are named), UnsupportedError for a feature that is not built.
AnnotatedPusch read_pusch(const nlohmann::json& pusch, int antennas);

}  // namespace pado::stream
