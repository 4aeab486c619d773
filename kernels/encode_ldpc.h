// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/ldpc_graph.h"

namespace pado {

/// Encodes a code block by TS 38.212, 5.3.2. Bits lie one a byte, 0 or 1.
/// information: information_columns * Z bits, fillers as 0. sent: the graph's sent_bits(), which begin at column 2.
void encode_ldpc(const LdpcGraph& graph, std::span<const std::uint8_t> information,
                 std::span<std::uint8_t> sent) noexcept;

/// Bits one a byte from packed bytes, top bit first, as many as out has; and back (the last byte filled up with zeros).
void unpack_bits(std::span<const std::uint8_t> packed, std::span<std::uint8_t> bits) noexcept;
void pack_bits(std::span<const std::uint8_t> bits, std::span<std::uint8_t> packed) noexcept;

}  // namespace pado
