// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/pusch/report.h"
#include "station/slot_decoder.h"

namespace pado::station {

/// A cell with one user whose slots are decoded again and again. Name: band, bandwidth, antennas x layers.
struct BenchCell {
  std::string_view name;
  nr::Carrier carrier;
  nr::PuschGrant grant;
  double snr_db = 0;
  int max_ldpc_iterations = 0;  // 0: the receiver's own choice
  double cfo_hz = 40;
};
std::span<const BenchCell> bench_cells();

/// One user on all PRBs of a carrier in all symbols, DM-RS on symbols 2 and 11.
nr::PuschGrant bench_grant(int prbs, int layers, nr::Modulation modulation, double code_rate_x1024);

struct SlotBenchOptions {
  std::string backend = "cpu";
  double seconds = 10;  // of measuring
  int warm_up_slots = 100;
  double warm_up_seconds = 5;  // at most
};

/// Times in microseconds.
struct Percentiles {
  float p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0;
};
Percentiles percentiles(std::vector<float> times_us);

struct SlotBenchResult {
  int warm_up_slots = 0, slots = 0;
  int wrong_payloads = 0;  // of warm-up and measured slots: each is compared
  int tbs_bits = 0, code_blocks = 0;
  double slot_us = 0;         // on the air
  float ldpc_iterations = 0;  // mean
  std::array<Percentiles, pusch::kStages> stages{};
  Percentiles total;
  float best_after_fft_us = 0;  // the best time of each of the different slots without its FFTs, their mean
  std::vector<LaunchCount> launches;
};

/// One slot after another on one thread, from samples in memory to payloads in memory; several different slots take
/// turns. Throws Error where the backend cannot be had.
SlotBenchResult bench_slot(const BenchCell& cell, const SlotBenchOptions& options);

/// This machine's time for FFTW's single-precision complex transform of 4096 points in cache, best of many: a yardstick
/// for figures from other machines.
double fftw_4096_us();

}  // namespace pado::station
