// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pado::stream {

/// Two digits a byte, most significant first. Throws Error for an odd number of digits or something else than a digit.
std::vector<std::uint8_t> bytes_from_hex(std::string_view hex);

/// The same the other way, in lower case.
std::string hex_from_bytes(std::span<const std::uint8_t> bytes);

}  // namespace pado::stream
