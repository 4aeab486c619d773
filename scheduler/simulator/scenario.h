// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scheduler/cell_state.h"

namespace pado::scheduler {

/// A wide downlink carrier: 273 PRBs in 18 groups, any set of them.
inline CellShape downlink_shape() {
  CellShape shape;
  shape.prbs = 273;
  shape.rbg_prbs = 16;
  shape.allocation = AllocationType::rbgs;
  return shape;
}

/// What a simulated cell is like. What differs between users is drawn from the seed.
struct Scenario {
  std::string name;
  CellShape shape = downlink_shape();
  int users = 16;

  // Channel: sum of sinusoids on each tap, two antennas combined (MRC).
  std::vector<double> speeds_kmh{3};  // user u has the (u mod size)-th
  double fastest_kmh = 0;             // above 0: log-uniform from the first of speeds_kmh to this, for each user
  double carrier_hz = 3.5e9;
  double delay_spread_s = 100e-9;  // exponential profile, taps 50 ns apart
  double snr_mean_db = 16, snr_sigma_db = 8, snr_least_db = 0, snr_greatest_db = 34;  // normal, cut; mean of fading
  double inr_mean_db = 1, inr_sigma_db = 4;  // interference over noise of each of two neighbours that are on
  double neighbour_slots = 40;               // mean time on, and off

  // Reports of the SINR by RBG.
  int report_period_slots = 5;  // staggered over the users
  int report_delay_slots = 4;   // from measurement to arrival, so that reports are 4 to 8 slots old when used
  double report_noise_db = 1, report_step_db = 2, report_least_db = -8, report_greatest_db = 26;
  double report_bias_db = 1;  // standard deviation over users of what each is off by

  int feedback_slots = 4;  // from transmission to ACK or NACK

  // Traffic: of every `bursts_each` users one has a full buffer and the others files; 1: all have full buffers.
  int bursts_each = 1;
  double file_bytes = 250e3;    // mean, exponential
  double files_per_second = 2;  // of a user
};

}  // namespace pado::scheduler
