// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "phy/nr/grant.h"

namespace pado::pusch {

/// The coded and scrambled bits of a PUSCH, one a byte, in the order of transmission: CRC, segmentation, LDPC and rate
/// matching of the transport block (TS 38.212, 6.2.1 to 6.2.6), multiplexing with the grant's control information
/// (6.2.7) and scrambling (TS 38.211, 6.3.1.1). payload: first byte first, most significant bit first, as many bits as
/// the grant's block; anything where it has none. Throws Error for another size, and where the grant does not say what
/// the control information is.
std::vector<std::uint8_t> encode(const nr::PuschGrant& grant, std::span<const std::uint8_t> payload);

}  // namespace pado::pusch
