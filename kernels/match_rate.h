// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/recover_rate.h"

namespace pado {

/// Bit selection and interleaving of one code block, TS 38.212, 5.4.2.1 and 5.4.2.2. Bits lie one a byte.
/// sent: the encoder's bits from column 2 on. out: E_r bits in the order of transmission (its size says how many), a
/// multiple of bits_per_symbol. combine and the counts of blocks do not matter here.
void match_rate(const RateShape& shape, std::span<const std::uint8_t> sent, std::span<std::uint8_t> out) noexcept;

}  // namespace pado
