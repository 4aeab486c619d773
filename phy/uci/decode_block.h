// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace pado::uci {

/// The most likely word of the codes for one to eleven bits (TS 38.212, 5.3.3), from soft bits in the order of
/// transmission, positive is 0. What stands for placeholders is left out, but for the repetition of one bit, which has
/// been turned to the sign of the bit that it repeats. bits: as many as were coded, one a byte.
void decode_block(std::span<const std::int8_t> llrs, int bits_per_symbol, std::span<std::uint8_t> bits) noexcept;

}  // namespace pado::uci
