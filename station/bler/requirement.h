// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "phy/nr/grant.h"

namespace pado::station::bler {

/// One line of TS 38.104, 8.2.1.2 (PUSCH without transform precoding): the SNR at which a base station must reach 70 %
/// of the maximum throughput with at most 4 transmissions, rv 0, 2, 3, 1. 100 MHz of 30 kHz, 273 PRB, DM-RS type 1 on
/// symbols 2 and 11, mapping type A, antennas of low correlation.
struct Requirement {
  std::string_view name;  // ours: family of the reference channel, layers x antennas
  std::string_view reference_channel;
  int mcs = 0;  // of TS 38.214, table 5.1.3.1-2
  int layers = 1, antennas = 1;
  std::string_view profile;
  double doppler_hz = 0;
  double snr_db = 0;  // all layers' energy at an antenna over the noise
};
std::span<const Requirement> requirements();

inline constexpr double kThroughputShare = 0.7;
inline constexpr int kMaxTransmissions = 4;

nr::Carrier carrier_of(const Requirement& requirement);
/// Of the block's first transmission.
nr::PuschGrant grant_of(const Requirement& requirement);

}  // namespace pado::station::bler
