// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "phy/nr/grant.h"

namespace pado::nr {

/// Throws Error (out of range, impossible or contradictory) or UnsupportedError with a one-line message that names the
/// field, its value and what would be right. What passes here cannot fail in the receiver.
void validate(const PuschGrant& grant, const Carrier& carrier);

/// Whether two grants of one slot have resource elements in common.
bool share_elements(const PuschGrant& a, const PuschGrant& b);

/// Throws Error where two grants of one slot cannot be told apart: they share resource elements and send the same
/// DM-RS, naming both.
void validate_slot(std::span<const PuschGrant> grants);

}  // namespace pado::nr
