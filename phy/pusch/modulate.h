// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/complex.h"
#include "phy/nr/grant.h"

namespace pado::pusch {

/// Modulation mapper of TS 38.211, 5.1.3 to 5.1.6: bits (one a byte, 0 or 1, in the order of transmission) to symbols
/// of unit mean energy. bits holds symbols.size() times the modulation's bits a symbol.
void modulate(nr::Modulation modulation, std::span<const std::uint8_t> bits, std::span<cf32> symbols) noexcept;

}  // namespace pado::pusch
