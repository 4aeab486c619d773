// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/users_config.h"

#include <fmt/format.h>

#include "phy/nr/error.h"
#include "phy/propagation/tdl_profile.h"

namespace pado::station {
namespace {

void check(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high)) throw Error(fmt::format("{} {} is not from {} to {}", name, value, low, high));
}

}  // namespace

void validate(const UsersConfig& config) {
  check("users", config.users, 1, scheduler::kMaxUsers);
  check("speed (km/h)", config.speed_kmh, 0, 500);
  check("SNR (dB)", config.snr_db, -20, 60);
  check("SNR spread (dB)", config.snr_spread_db, 0, 60);
  check("delay spread (s)", config.delay_spread_s, 0, 1e-6);
  check("timing spread (s)", config.timing_spread_s, 0, 2e-6);
  check("load (bit/s)", config.load_bps, 1, 1e9);
  check("CQI period (slots)", config.cqi_period_slots, 1, 1000);
  check("CQI delay (slots)", config.cqi_delay_slots, 0, 1000);
  check("CQI error (dB)", config.cqi_error_db, 0, 20);
  (void)propagation::tdl_profile(config.profile);
}

}  // namespace pado::station
