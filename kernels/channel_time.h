// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "kernels/estimate_channel.h"

namespace pado {

/// Steps of channel estimation that are a few numbers per UE: CFO, Doppler, and the branches of the channel in time.
/// Shared by all backends; plain C++ that a GPU thread runs as well.
namespace channel_time {

inline constexpr float kTwoPi = 6.28318530717958648F;

/// When the DM-RS symbols are sent, in the middle of each.
struct Instants {
  int count = 0;
  float at_s[kMaxDmrsSymbols] = {};
  Instants() = default;
  PADO_HOST_DEVICE Instants(const DmrsShape& shape) : count(shape.dmrs_symbols) {
    for (int s = 0; s < count; ++s) at_s[s] = shape.symbol_time_s[shape.dmrs_symbol[s]];
  }
};

/// Model of the time correlation, J0(x) to 0.3 % up to x = 1.3: (1 - x^2/8)^2, 0 beyond its zero.
PADO_HOST_DEVICE inline float correlation(float x) {
  const float y = 1 - x * x / 8;
  return y > 0 ? y * y : 0;
}
/// Its inverse.
PADO_HOST_DEVICE inline float argument(float rho) {
  return rho >= 1 ? 0 : std::sqrt(8 * (1 - std::sqrt(rho > 0.0625F ? rho : 0.0625F)));
}

/// CFO from the correlations between DM-RS symbols, correlation[s * kMaxDmrsSymbols + r] = sum of z_s conj(z_r), s > r.
/// The closest pair tells it without ambiguity, pairs ever further apart refine it. 0 with a single symbol.
PADO_HOST_DEVICE inline float estimate_cfo(const Instants& dmrs, const cf32* pair_correlation) {
  float cfo_hz = 0, done_s = 0, closest = 0;
  for (int round = 0; round < kMaxDmrsSymbols * (kMaxDmrsSymbols - 1) / 2; ++round) {
    float lag_s = 1e9F;
    for (int s = 1; s < dmrs.count; ++s) {
      for (int r = 0; r < s; ++r) {
        const float dt = dmrs.at_s[s] - dmrs.at_s[r];
        if (dt > 1.05F * done_s && dt < lag_s) lag_s = dt;
      }
    }
    if (lag_s > 1) break;
    int pairs = 0;
    cf32 sum{};  // pairs that are as far apart, but for the longer prefix of some symbols
    for (int s = 1; s < dmrs.count; ++s) {
      for (int r = 0; r < s; ++r) {
        const float dt = dmrs.at_s[s] - dmrs.at_s[r];
        if (dt < lag_s || dt > 1.05F * lag_s) continue;
        ++pairs;
        const float turn = -kTwoPi * cfo_hz * dt;
        sum = sum + pair_correlation[s * kMaxDmrsSymbols + r] * cf32{std::cos(turn), std::sin(turn)};
      }
    }
    const float size = std::sqrt(norm(sum)) / static_cast<float>(pairs);
    if (done_s == 0) closest = size;
    if (size < 0.6F * closest) break;  // so far apart the channel itself has turned
    cfo_hz += std::atan2(sum.im, sum.re) / (kTwoPi * lag_s);
    done_s = lag_s;
  }
  return cfo_hz;
}

/// The branches: orthonormal weights over the DM-RS symbols (mean, slope), their share of a layer's power, and how
/// they rebuild the channel at any symbol.
struct Branches {
  int count = 1;
  float weight[kMaxBranches][kMaxDmrsSymbols] = {};
  float power[kMaxBranches] = {};  // of u z, for a layer of unit power
};

PADO_HOST_DEVICE inline Branches make_branches(const Instants& dmrs, float doppler_hz) {
  Branches b;
  const int n = dmrs.count;
  b.count = doppler_hz > 0 && n > 1 ? 2 : 1;
  float mean_s = 0, spread = 0;
  for (int s = 0; s < n; ++s) mean_s += dmrs.at_s[s] / static_cast<float>(n);
  for (int s = 0; s < n; ++s) {
    const float t = dmrs.at_s[s] - mean_s;
    b.weight[0][s] = 1 / std::sqrt(static_cast<float>(n));
    b.weight[1][s] = t;
    spread += t * t;
  }
  if (n > 1)
    for (int s = 0; s < n; ++s) b.weight[1][s] /= std::sqrt(spread);
  for (int i = 0; i < b.count; ++i) {
    for (int s = 0; s < n; ++s) {
      for (int r = 0; r < n; ++r) {
        const float dt = dmrs.at_s[s] - dmrs.at_s[r];
        b.power[i] += b.weight[i][s] * b.weight[i][r] * correlation(kTwoPi * doppler_hz * dt);
      }
    }
  }
  return b;
}

/// Gain of branch i at time t, without the CFO's turn.
PADO_HOST_DEVICE inline float branch_gain(const Instants& dmrs, const Branches& b, int i, float doppler_hz, float t_s) {
  float gain = 0;
  for (int s = 0; s < dmrs.count; ++s) {
    const float dt = t_s - dmrs.at_s[s];
    gain += b.weight[i][s] * correlation(kTwoPi * doppler_hz * dt);
  }
  return gain / b.power[i];
}

/// Doppler from the correlation rho between the first and last DM-RS symbol, both without noise; 0 where rho is within
/// its own uncertainty of 1 (pilot_snr linear, `pilots` independent pairs).
PADO_HOST_DEVICE inline float estimate_doppler(const Instants& dmrs, float rho, float pilot_snr, float pilots) {
  const float inverse = 1 / pilot_snr;
  const float deviation = std::sqrt((2 * inverse + inverse * inverse) / (2 * pilots));
  if (dmrs.count < 2 || !(1 - rho > deviation)) return 0;
  const float dt = dmrs.at_s[dmrs.count - 1] - dmrs.at_s[0];
  return argument(rho) / (kTwoPi * dt);
}

}  // namespace channel_time
}  // namespace pado
