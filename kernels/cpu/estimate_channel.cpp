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

void give_up(ChannelWork& w) {
  w.args.summary[0] = ChannelSummary{};
  std::memset(static_cast<void*>(w.args.channel.data()), 0, w.args.channel.size_bytes());
  std::memset(static_cast<void*>(w.args.covariance.data()), 0, w.args.covariance.size_bytes());
}

// Step 3: noise and port power from energies and differences.
void split_noise(ChannelWork& w) {
  const float pilots = static_cast<float>(w.pilots() * w.shape.dmrs_symbols);
  for (int a = 0; a < w.shape.antennas; ++a) {
    double noise = 0, energy = 0;
    for (int c = 0; c < w.combs.count; ++c) {
      noise += w.sums.third_difference[c][a] / w.combs.count;
      energy += w.sums.energy[c][a] / w.combs.count / pilots;
    }
    w.noise[a] = static_cast<float>(std::max({noise, 1e-7 * energy, 1e-30}));
    for (int c = 0; c < w.combs.count; ++c) {
      const auto mean = static_cast<float>(w.sums.energy[c][a]) / pilots;
      w.port_power[c][a] =
          std::max(mean - w.noise[a], std::max(1e-3F * mean, 1e-30F)) / static_cast<float>(w.combs.ports[c]);
    }
  }
}

// Steps 4 to 6 that are a few numbers.
void model_time(ChannelWork& w, ChannelSummary& summary) {
  const DmrsShape& shape = w.shape;
  w.cfo_hz = channel_time::estimate_cfo(shape, w.sums.correlation);
  float weighted = 0, power = 0, noise = 0;
  for (int c = 0; c < w.combs.count; ++c) {
    for (int a = 0; a < shape.antennas; ++a) {
      const float received = static_cast<float>(w.combs.ports[c]) * w.port_power[c][a];
      weighted += received / w.noise[a];
      power += received;
      noise += w.noise[a];
    }
  }
  const cf32 widest = w.sums.correlation[(shape.dmrs_symbols - 1) * kMaxDmrsSymbols];
  const float rho = std::min(1.0F, std::sqrt(norm(widest)) / (static_cast<float>(w.pilots()) * weighted));
  summary.doppler_hz = channel_time::estimate_doppler(shape, rho, power / noise,
                                                      static_cast<float>(w.pilots() * shape.antennas * w.combs.count));
  w.branches = channel_time::make_branches(shape, summary.doppler_hz);
  for (int b = 0; b < w.branches.count; ++b) {
    for (int l = 0; l < kSymbolsPerSlot; ++l) {
      const float gain = channel_time::branch_gain(shape, w.branches, b, summary.doppler_hz, shape.symbol_time_s[l]);
      const float angle = channel_time::kTwoPi * w.cfo_hz * shape.symbol_time_s[l];
      summary.time_gain[b * kSymbolsPerSlot + l] = {gain * std::cos(angle), gain * std::sin(angle)};
    }
  }
}

void choose_filters(ChannelWork& w) {
  const int window = wiener::window_index(w.shape.prbs);
  for (int c = 0; c < w.combs.count; ++c) {
    for (int a = 0; a < w.shape.antennas; ++a) {
      for (int b = 0; b < w.branches.count; ++b) {
        const int step = wiener::snr_step(w.port_power[c][a] * w.branches.power[b] / w.noise[a]);
        w.filter[c][a][b] = wiener::filter_index(w.combs.ports[c], w.combs.comb[c], step, window);
      }
    }
  }
}

void summarise(const ChannelWork& w, ChannelSummary& summary) {
  const float pilot_energy = w.shape.amplitude * w.shape.amplitude;
  summary.cfo_hz = w.cfo_hz;
  summary.timing_offset_s = w.delay_s;
  summary.branches = w.branches.count;
  summary.usable = true;
  for (int a = 0; a < w.shape.antennas; ++a) {
    summary.noise[a] = pilot_energy * w.noise[a];
    summary.noise_power += summary.noise[a] / static_cast<float>(w.shape.antennas);
    for (int c = 0; c < w.combs.count; ++c)
      summary.signal_power += w.port_power[c][a] / static_cast<float>(w.shape.antennas * w.combs.count);
  }
}

}  // namespace

ChannelScratch::ChannelScratch(const Limits& limits)
    : pilots(kMaxCombs * kMaxEstimateAntennas * kMaxDmrsSymbols, 6 * limits.prbs),
      branches(kMaxCombs * kMaxEstimateAntennas * kMaxBranches, 6 * limits.prbs),
      residuals(kMaxCombs * kMaxEstimateAntennas * kMaxBranches, 6 * limits.prbs),
      signs(kMaxDmrsSymbols, 6 * limits.prbs + 16),
      turn(1, 12 * limits.prbs + 32),
      products(1, 6 * limits.prbs + 6 * 16),
      covariance(kMaxEstimateAntennas * kMaxEstimateAntennas, limits.prbs) {}

void estimate_channel(Backend& on, const DmrsShape& shape, const ChannelArgs<Backend>& args) noexcept {
  ChannelWork w{.shape = shape, .args = args, .scratch = on.scratch().channel};
  w.combs = combs_of(shape);
  least_squares(w);
  double energy = 0;
  for (int c = 0; c < w.combs.count; ++c)
    for (int a = 0; a < shape.antennas; ++a) energy += w.sums.energy[c][a];
  if (!(energy > 0 && energy < 1e30)) return give_up(w);  // nothing there, or a NaN
  w.delay_s = -std::atan2(w.sums.lag2.im, w.sums.lag2.re) / (channel_time::kTwoPi * 4 * shape.scs_hz);
  remove_delay(w);
  split_noise(w);
  correlate_symbols(w);
  ChannelSummary& summary = args.summary[0];
  summary = ChannelSummary{};
  model_time(w, summary);
  form_branches(w);
  choose_filters(w);
  filter_branches(w);
  estimate_covariance(w);
  summarise(w, summary);
}

}  // namespace pado::cpu
