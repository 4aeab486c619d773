// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pado {

inline constexpr int kMaxAntennas = 64;
inline constexpr int kMaxLayers = 4;        // of one UE
inline constexpr int kMaxJointLayers = 12;  // of all UEs on the same PRBs: the ports of TS 38.211, table 6.4.1.1.3-2

/// A covariance is kept for blocks of so many antennas; antennas of different blocks count as uncorrelated. The slot
/// has too few DM-RS to tell more.
inline constexpr int kCovarianceBlock = 8;

/// Columns of a covariance: antennas of a block.
constexpr int covariance_columns(int antennas) { return antennas < kCovarianceBlock ? antennas : kCovarianceBlock; }

/// The largest work a backend is made for; fixes its scratch memory at start-up.
struct Limits {
  int antennas = 4;
  int layers = 2;         // of one UE
  int group_layers = 12;  // of all UEs on the same PRBs
  int fft_size = 4096;    // exactly the carrier's
  int prbs = 273;
  int code_blocks = 160;  // of one transport block
};

}  // namespace pado
