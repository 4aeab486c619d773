// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace pado {

/// Gold sequence of length 31, TS 38.211, 5.2.1: bits c(first_bit), c(first_bit + 1), ... packed least significant
/// first. Fills all words.
void fill_gold_sequence(std::uint32_t seed, std::uint64_t first_bit, std::span<std::uint32_t> words) noexcept;

}  // namespace pado
