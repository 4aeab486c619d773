// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/buffer_status.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

namespace pado::station {
namespace {

// TS 38.321 V17.0.0, table 6.1.3.1-1: buffer size levels for the 5-bit field, in bytes; a level goes up to its limit.
constexpr std::array<std::int64_t, kBufferLevels - 1> kLimits{
    0,     10,   14,   20,   28,   38,   53,   74,    102,   142,   198,   276,   384,   535,   745,     // 0
    1038,  1446, 2014, 2806, 3909, 5446, 7587, 10570, 14726, 20516, 28581, 39818, 55474, 77284, 107669,  // 15
    150000};                                                                                             // 30

}  // namespace

int buffer_level(std::int64_t bytes) {
  return static_cast<int>(std::ranges::lower_bound(kLimits, std::max<std::int64_t>(bytes, 0)) - kLimits.begin());
}

std::int64_t buffer_bytes(int level) {
  assert(level >= 0 && level < kBufferLevels);
  return level < kBufferLevels - 1 ? kLimits[static_cast<std::size_t>(level)] : 2 * kLimits.back();
}

}  // namespace pado::station
