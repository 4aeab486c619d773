// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "kernels/channel_time.h"
#include "kernels/cpu/backend.h"
#include "kernels/pilot_sets.h"

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
  PlanarRows pilots;      // z: [set][antenna][DM-RS symbol]
  PlanarRows own;         // z with the ports of others taken out, where there are any: [set][antenna][DM-RS symbol]
  PlanarRows branches;    // y: [set][antenna][branch]
  PlanarRows residuals;   // d: [set][antenna][DM-RS symbol], branches first
  PlanarRows signs;       // of the sequence, scaled: [DM-RS symbol]; re and im hold s0 and s1
  PlanarRows turn;        // exp(i 2 pi k scs delay): one row over all subcarriers
  PlanarRows pilot_turn;  // the same at the pilots of type 2: [CDM group]
  PlanarRows products;    // of two antennas' residuals, and their sums per PRB
  PlanarRows covariance;  // [antenna][antenna of its block] per PRB
};

/// Sums over an allocation that the scalar steps need. What is by set and antenna is not cleared: most of it is not
/// used.
struct PilotSums {
  double energy[kMaxPilotSets][kMaxAntennas];
  double own_energy[kMaxPilotSets][kMaxAntennas];  // of the rows `own`
  double difference[kMaxPilotSets][kMaxAntennas];  // step 3
  cf32 lag2{};
  cf32 correlation[kMaxDmrsSymbols * kMaxDmrsSymbols] = {};
};

/// State of one call on its way through the steps of docs/channel_estimation.md; the numbers are that page's.
struct ChannelWork {
  ChannelWork(const DmrsShape& of_shape, const ChannelArgs<Backend>& with_args, ChannelScratch& in_scratch)
      : shape(of_shape),
        args(with_args),
        scratch(in_scratch),
        sets(pilot_sets(of_shape)),
        instants(pilot_instants(of_shape, sets)) {}
  const DmrsShape& shape;
  const ChannelArgs<Backend>& args;
  ChannelScratch& scratch;
  PilotSets sets;
  channel_time::Instants instants;
  PilotSums sums;
  channel_time::Branches branches{};
  float delay_s = 0, cfo_hz = 0;
  float noise[kMaxAntennas];
  float port_power[kMaxPilotSets][kMaxAntennas];
  float own_power[kMaxPilotSets][kMaxAntennas];  // of all of this user's ports
  int filter[kMaxPilotSets][kMaxAntennas][kMaxBranches];
  [[nodiscard]] int pilots_per_prb() const { return pado::pilots_per_prb(shape.type); }
  [[nodiscard]] int pilots() const { return pilots_per_prb() * shape.prbs; }
  [[nodiscard]] int symbols() const { return instants.count; }  // pairs that are spread count as one
  [[nodiscard]] bool tells_directions() const { return shape.antennas > 1 && !shape.powers_alone; }
  [[nodiscard]] float data_noise() const {  // of a data element, over that of a pilot
    return shape.amplitude * shape.amplitude * (sets.spread ? 2.0F : 1.0F);
  }
  [[nodiscard]] int row(int set, int antenna, int symbol) const {
    return (set * shape.antennas + antenna) * kMaxDmrsSymbols + symbol;
  }
  [[nodiscard]] int branch_row(int set, int antenna, int branch) const {
    return (set * shape.antennas + antenna) * kMaxBranches + branch;
  }
};

/// One row's filter over the allocation. Outputs go to up to two ports: the sums even + odd and even - odd; the
/// residual is what the pilots hold beyond the estimate of all ports on the air, scaled by the filter's freedom.
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
  int prbs, window, type, cdm_group, ports;
};

void least_squares(ChannelWork&);        // step 1, energy and the lag-2 sum of step 2
void remove_delay(ChannelWork&);         // step 2, and the differences of step 3
void correlate_symbols(ChannelWork&);    // step 4's sums
void form_branches(ChannelWork&);        // steps 4 (turn) and 6, and the directions without a branch of step 8
void filter_branches(ChannelWork&);      // step 7 and the branches' residuals of step 8
void estimate_covariance(ChannelWork&);  // the rest of step 8, and step 9

}  // namespace pado::cpu
