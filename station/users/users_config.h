// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "scheduler/cell_state.h"

namespace pado::station {

/// The users of `pado ue` and their way to the antennas.
struct UsersConfig {
  int users = 4;
  std::uint64_t seed = 1;
  double speed_kmh = 3;
  double snr_db = 20;         // mean over users and fading: a data element by the noise, at one antenna
  double snr_spread_db = 12;  // from the weakest user to the strongest one, in equal steps
  std::string profile = "tdl-a";
  double delay_spread_s = 100e-9;
  double timing_spread_s = 300e-9;  // users arrive late by chance, up to this
  scheduler::TrafficClass traffic = scheduler::TrafficClass::full_buffer;
  double load_bps = 4e6;      // of one user's bursts
  double carrier_hz = 3.5e9;  // for the Doppler, where the cell does not say where it is
  int cqi_period_slots = 5, cqi_delay_slots = 4;
  double cqi_error_db = 1;
};

/// Throws Error that names the first value out of range.
void validate(const UsersConfig& config);

}  // namespace pado::station
