// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "phy/nr/grant.h"

namespace pado::nr {

/// Throws Error (out of range, impossible or contradictory) or UnsupportedError with a one-line message that names the
/// field, its value and what would be right. What passes here cannot fail in the receiver.
void validate(const PuschGrant& grant, const Carrier& carrier);

/// Throws UnsupportedError where two grants of one slot share a resource element (MU-MIMO is not built yet), naming
/// both.
void validate_slot(std::span<const PuschGrant> grants);

}  // namespace pado::nr
