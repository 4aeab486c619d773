// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace pado {

// How rows of arrays are padded: vectors are read and written whole, so a row begins a whole number of them after the
// one before it. Plans and buffers take the strides from here alone.

constexpr int rounded_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

/// Elements behind an array's last row that a vector may touch.
inline constexpr std::size_t kTailPadding = 64;

/// Elements from a row to the next: of the resource grid, of a channel estimate, of a covariance (per PRB), of weights
/// (3 groups a PRB), for so many PRB.
constexpr int grid_stride(int prbs) { return rounded_up(12 * prbs, 16); }
constexpr int channel_stride(int prbs) { return rounded_up(12 * prbs, 64); }
constexpr int covariance_stride(int prbs) { return rounded_up(prbs, 16); }
constexpr int group_stride(int prbs) { return rounded_up(3 * prbs, 16); }

/// Bytes from a code block to the next: of soft bits, one a byte, and of decoded bits, packed.
constexpr int soft_stride(int sent_bits) { return rounded_up(sent_bits, 64); }
constexpr int bits_stride(int information_bits) { return rounded_up((information_bits + 7) / 8, 64); }

}  // namespace pado
