// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "phy/nr/grant.h"

namespace pado::pusch {

/// A transport block's coded and scrambled bits, one a byte, in the order of transmission: CRC, segmentation, LDPC,
/// rate matching (TS 38.212, 6.2.1 to 6.2.6) and scrambling (TS 38.211, 6.3.1.1). payload: first byte first, most
/// significant bit first, as many bits as the grant's block. Throws Error where it is not, or where the grant has no
/// such block.
std::vector<std::uint8_t> encode(const nr::PuschGrant& grant, std::span<const std::uint8_t> payload);

}  // namespace pado::pusch
