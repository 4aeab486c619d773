// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace pado::station {

inline constexpr int kBufferLevels = 32;

/// Index of the short buffer status report, TS 38.321, table 6.1.3.1-1: 0 for an empty buffer, 31 above 150000 bytes.
int buffer_level(std::int64_t bytes);

/// The most bytes that the index can mean; for 31, which has no end, twice the last limit.
std::int64_t buffer_bytes(int level);

}  // namespace pado::station
