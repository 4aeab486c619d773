// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "phy/nr/polar_code.h"

namespace pado::uci {

/// Placeholders among coded bits, TS 38.212, 5.3.3: what scrambling makes of them makes the outermost constellation
/// points (TS 38.211, 6.3.1.1).
inline constexpr std::uint8_t kOne = 2;     // x: 1 behind scrambling
inline constexpr std::uint8_t kRepeat = 3;  // y: the bit before, scrambled

/// Codes a part of the control information, TS 38.212, 6.3.1.2 to 6.3.1.5 and 6.3.2. Bits lie one a byte.
/// bits_per_symbol: Q_m, for the placeholders of one and two bits. Throws Error where the coded bits are too few.
std::vector<std::uint8_t> encode(std::span<const std::uint8_t> bits, int coded_bits, int bits_per_symbol);

/// Codes and rate-matches one polar code block, TS 38.212, 5.3.1 and 5.4.1. information: K bits, the check included.
std::vector<std::uint8_t> encode_polar(const nr::PolarCode& code, std::span<const std::uint8_t> information);

/// The transform of 5.3.1.2, x G: its own inverse. As many bits as a power of two.
void polar_transform(std::span<std::uint8_t> bits) noexcept;

/// Remainder of a message's bits by a generator of TS 38.212, 5.1: zero where its check is behind it and holds.
std::uint32_t crc_remainder(nr::CrcGenerator generator, std::span<const std::uint8_t> bits) noexcept;

}  // namespace pado::uci
