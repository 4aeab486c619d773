// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The steps of docs/channel_estimation.md in their order; the arithmetic over pilots is in channel_*.cpp.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/cpu/channel_scratch.h"
#include "kernels/cpu/scratch.h"
#include "kernels/wiener_table.h"

namespace pado::cpu {
namespace {

// Rows of this user's layers: they lie side by side for each antenna.
std::span<cf32> rows_of_antenna(const ChannelWork& w, int antenna) {
  const auto row = static_cast<std::size_t>(w.shape.channel_stride);
  const int first = (antenna * w.shape.channel_layers + w.shape.first_layer) * kMaxBranches;
  return w.args.channel.subspan(static_cast<std::size_t>(first) * row,
                                static_cast<std::size_t>(w.shape.layers * kMaxBranches) * row);
}

void give_up(ChannelWork& w) {
  w.args.summary[0] = ChannelSummary{};
  for (int a = 0; a < w.shape.antennas; ++a) std::ranges::fill(rows_of_antenna(w, a), cf32{});
  std::ranges::fill(w.args.covariance, cf32{});
}

// Where users share rows, theirs are zero outside of their allocations.
void clear_beside(ChannelWork& w) {
  const DmrsShape& s = w.shape;
  const int end = s.channel_offset + 12 * s.prbs;
  if (s.channel_layers == s.layers) return;  // nobody reads there
  for (int a = 0; a < s.antennas; ++a) {
    const std::span<cf32> rows = rows_of_antenna(w, a);
    for (int row = 0; row < s.layers * kMaxBranches; ++row) {
      const std::span<cf32> of_row =
          rows.subspan(static_cast<std::size_t>(row * s.channel_stride), static_cast<std::size_t>(s.channel_stride));
      std::ranges::fill(of_row.first(static_cast<std::size_t>(s.channel_offset)), cf32{});
      std::ranges::fill(of_row.subspan(static_cast<std::size_t>(end)), cf32{});
    }
  }
}

// Step 3: noise and port power from energies and differences.
void split_noise(ChannelWork& w) {
  const float pilots = static_cast<float>(w.pilots() * w.symbols());
  for (int a = 0; a < w.shape.antennas; ++a) {
    double noise = 0, energy = 0;
    for (int c = 0; c < w.sets.count; ++c) {
      noise += w.sums.difference[c][a] / w.sets.count;
      energy += w.sums.energy[c][a] / w.sets.count / pilots;
    }
    w.noise[a] = static_cast<float>(std::max({noise, 1e-7 * energy, 1e-30}));
    for (int c = 0; c < w.sets.count; ++c) {
      const auto mean = static_cast<float>(w.sums.energy[c][a]) / pilots;
      const auto ports = static_cast<float>(w.sets.set[c].ports);
      w.port_power[c][a] = std::max(mean - w.noise[a], std::max(1e-3F * mean, 1e-30F)) / ports;
      w.own_power[c][a] = ports * w.port_power[c][a];
      if (!w.sets.set[c].shared) continue;
      const auto own = static_cast<float>(w.sums.own_energy[c][a]) / pilots;
      w.own_power[c][a] = std::max(own - 0.5F * w.noise[a], std::max(1e-3F * own, 1e-30F));
    }
  }
}

// Steps 4 to 6 that are a few numbers.
void model_time(ChannelWork& w, ChannelSummary& summary) {
  const DmrsShape& shape = w.shape;
  w.cfo_hz = channel_time::estimate_cfo(w.instants, w.sums.correlation);
  float weighted = 0, power = 0, noise = 0;
  for (int c = 0; c < w.sets.count; ++c) {
    for (int a = 0; a < shape.antennas; ++a) {
      const float received = w.own_power[c][a];
      weighted += received / w.noise[a];
      power += received;
      noise += w.noise[a];
    }
  }
  const cf32 widest = w.sums.correlation[(w.symbols() - 1) * kMaxDmrsSymbols];
  const float rho = std::min(1.0F, std::sqrt(norm(widest)) / (static_cast<float>(w.pilots()) * weighted));
  summary.doppler_hz = channel_time::estimate_doppler(w.instants, rho, power / noise,
                                                      static_cast<float>(w.pilots() * shape.antennas * w.sets.count));
  w.branches = channel_time::make_branches(w.instants, summary.doppler_hz);
  for (int b = 0; b < w.branches.count; ++b) {
    for (int l = 0; l < kSymbolsPerSlot; ++l) {
      const float gain =
          channel_time::branch_gain(w.instants, w.branches, b, summary.doppler_hz, shape.symbol_time_s[l]);
      const float angle = channel_time::kTwoPi * w.cfo_hz * shape.symbol_time_s[l];
      summary.time_gain[b * kSymbolsPerSlot + l] = {gain * std::cos(angle), gain * std::sin(angle)};
    }
  }
}

void choose_filters(ChannelWork& w) {
  const int window = wiener::window_index(w.shape.prbs);
  for (int c = 0; c < w.sets.count; ++c) {
    for (int a = 0; a < w.shape.antennas; ++a) {
      for (int b = 0; b < w.branches.count; ++b) {
        const int step = wiener::snr_step(w.port_power[c][a] * w.branches.power[b] / w.noise[a]);
        w.filter[c][a][b] =
            wiener::filter_index(w.shape.type, w.sets.set[c].ports, w.sets.set[c].cdm_group, step, window);
      }
    }
  }
}

void summarise(const ChannelWork& w, ChannelSummary& summary) {
  summary.cfo_hz = w.cfo_hz;
  summary.timing_offset_s = w.delay_s;
  summary.branches = w.branches.count;
  summary.usable = true;
  for (int a = 0; a < w.shape.antennas; ++a) {
    summary.noise[a] = w.data_noise() * w.noise[a];
    summary.noise_power += summary.noise[a] / static_cast<float>(w.shape.antennas);
    for (int c = 0; c < w.sets.count; ++c)
      summary.signal_power += w.own_power[c][a] / static_cast<float>(w.shape.antennas * w.shape.layers);
  }
}

}  // namespace

ChannelScratch::ChannelScratch(const Limits& limits)
    : pilots(kMaxPilotSets * limits.antennas * kMaxDmrsSymbols, 6 * limits.prbs),
      own(kMaxPilotSets * limits.antennas * kMaxDmrsSymbols, 6 * limits.prbs),
      branches(kMaxPilotSets * limits.antennas * kMaxBranches, 6 * limits.prbs),
      residuals(kMaxPilotSets * limits.antennas * kMaxBranches, 6 * limits.prbs),
      signs(kMaxDmrsSymbols, 6 * limits.prbs + 16),
      turn(1, 12 * limits.prbs + 32),
      pilot_turn(kMaxCdmGroups, 6 * limits.prbs),
      products(1, 6 * limits.prbs + 6 * 16),
      covariance(limits.antennas * covariance_columns(limits.antennas), limits.prbs) {}

void estimate_channel(Backend& on, const DmrsShape& shape, const ChannelArgs<Backend>& args) noexcept {
  ChannelWork w(shape, args, on.scratch().channel);
  least_squares(w);
  double energy = 0;
  for (int c = 0; c < w.sets.count; ++c)
    for (int a = 0; a < shape.antennas; ++a) energy += w.sums.energy[c][a];
  if (!(energy > 0 && energy < 1e30)) return give_up(w);  // nothing there, or a NaN
  w.delay_s = -std::atan2(w.sums.lag2.im, w.sums.lag2.re) /
              (channel_time::kTwoPi * static_cast<float>(pilot_subcarrier(shape.type, 0, 2)) * shape.scs_hz);
  remove_delay(w);
  split_noise(w);
  correlate_symbols(w);
  ChannelSummary& summary = args.summary[0];
  summary = ChannelSummary{};
  model_time(w, summary);
  form_branches(w);
  choose_filters(w);
  clear_beside(w);
  filter_branches(w);
  estimate_covariance(w);
  summarise(w, summary);
}

}  // namespace pado::cpu
