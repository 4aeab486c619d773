// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "kernels/channel_time.h"
#include "kernels/cpu/backend.h"
#include "kernels/dmrs_combs.h"

namespace pado::cpu {

/// Rows of complex numbers, real and imaginary parts apart, one value a pilot: vectors run along the pilots.
class PlanarRows {
 public:
  PlanarRows(int rows, int values)
      : stride_((values + 63) / 32 * 32),
        data_(static_cast<std::size_t>(2 * rows) * static_cast<std::size_t>(stride_)) {}
  [[nodiscard]] float* re(int row) const { return data_.view().data() + static_cast<std::size_t>(2 * row) * stride_; }
  [[nodiscard]] float* im(int row) const { return re(row) + stride_; }
  [[nodiscard]] int stride() const { return static_cast<int>(stride_); }

 private:
  std::size_t stride_;
  HostBuffer<float> data_;
};

struct ChannelScratch {
  explicit ChannelScratch(const Limits& limits);
  PlanarRows pilots;      // z: [comb][antenna][DM-RS symbol]
  PlanarRows branches;    // y: [comb][antenna][branch]
  PlanarRows residuals;   // d: [comb][antenna][DM-RS symbol], branches first
  PlanarRows signs;       // of the sequence, scaled: [DM-RS symbol]; re and im hold s0 and s1
  PlanarRows turn;        // exp(i 2 pi k scs delay): one row over all subcarriers
  PlanarRows products;    // of two antennas' residuals, and their sums per PRB
  PlanarRows covariance;  // [antenna][antenna] per PRB
};

/// Sums over an allocation that the scalar steps need.
struct PilotSums {
  double energy[kMaxCombs][kMaxEstimateAntennas] = {};
  double third_difference[kMaxCombs][kMaxEstimateAntennas] = {};
  cf32 lag2{};
  cf32 correlation[kMaxDmrsSymbols * kMaxDmrsSymbols] = {};
};

/// State of one call on its way through the steps of docs/channel_estimation.md; the numbers are that page's.
struct ChannelWork {
  const DmrsShape& shape;
  const ChannelArgs<Backend>& args;
  ChannelScratch& scratch;
  CombUse combs{};
  PilotSums sums{};
  channel_time::Branches branches{};
  float delay_s = 0, cfo_hz = 0;
  float noise[kMaxEstimateAntennas] = {};
  float port_power[kMaxCombs][kMaxEstimateAntennas] = {};
  int filter[kMaxCombs][kMaxEstimateAntennas][kMaxBranches] = {};
  [[nodiscard]] int pilots() const { return 6 * shape.prbs; }
  [[nodiscard]] int row(int comb_index, int antenna, int symbol) const {
    return (comb_index * shape.antennas + antenna) * kMaxDmrsSymbols + symbol;
  }
  [[nodiscard]] int branch_row(int comb_index, int antenna, int branch) const {
    return (comb_index * shape.antennas + antenna) * kMaxBranches + branch;
  }
};

/// One row's filter over the allocation. Outputs go to up to two ports: the sums even + odd and even - odd; the
/// residual is what the pilots hold beyond the estimate, scaled by the filter's freedom.
struct FilterRow {
  const float* taps;
  const float* freedom;  // by position
  const float* in_re;
  const float* in_im;
  const float* turn_re;
  const float* turn_im;
  float* residual_re;
  float* residual_im;
  cf32* plus;  // either may be null
  cf32* minus;
  int prbs, window, comb;
};

void least_squares(ChannelWork&);        // step 1, energy and the lag-2 sum of step 2
void remove_delay(ChannelWork&);         // step 2, and the third differences of step 3
void correlate_symbols(ChannelWork&);    // step 4's sums
void form_branches(ChannelWork&);        // steps 4 (turn) and 6, and the directions without a branch of step 8
void filter_branches(ChannelWork&);      // step 7 and the branches' residuals of step 8
void estimate_covariance(ChannelWork&);  // the rest of step 8, and step 9

}  // namespace pado::cpu
