// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/goodput_mcs.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pado::scheduler::learned {
namespace {

constexpr float kGreatestSlope = 5;  // dB^-1; one outcome alone, however odd, proves little

float square(float x) { return x * x; }

}  // namespace

McsChoice choose_mcs(const LinkTable& link, const CellShape& shape, RbgMask rbgs, const SinrForecast& forecast,
                     float bias_db, float common_share) noexcept {
  const auto count = static_cast<float>(std::popcount(rbgs));
  const float spread = (1 - common_share) * (1 - 1 / count);  // share of the variance that makes dips
  EffectiveSinr effective;
  float variance = 0;
  for (RbgMask left = rbgs; left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    const float sigma_db = forecast.sigma_db[r];
    variance += square(sigma_db);
    // Nodes 0 and +-sqrt(3) sigma, weights 2/3 and 1/6.
    const float middle = from_db(forecast.mean_db[r] + bias_db), step = from_db(std::sqrt(3 * spread) * sigma_db);
    effective.add(middle / step, shape.prbs_of(r));
    effective.add(middle, 4 * shape.prbs_of(r));
    effective.add(middle * step, shape.prbs_of(r));
  }
  const std::array<float, kModulations> sinr_db = effective.db();
  const float sigma_db = std::sqrt(variance / count * (common_share + (1 - common_share) / count));
  McsChoice best{.mcs = 0, .sinr_db = sinr_db[link.modulation(0)], .sigma_db = sigma_db};
  // Beyond it not even the last transmission would be received.
  const float reach_db =
      11 * std::log10(static_cast<float>(shape.transmissions)) + 4 * std::hypot(kBlerWidthDb, sigma_db);
  float greatest = 0;
  for (int mcs = link.mcs_count() - 1; mcs >= 0; --mcs) {
    if (link.efficiency(mcs) <= greatest) continue;  // cannot bring more
    const float sinr = sinr_db[link.modulation(mcs)];
    if (link.threshold_db(mcs) > sinr + reach_db) continue;
    const float goodput = link.goodput(mcs, sinr, sigma_db, shape.transmissions);
    if (!(goodput > greatest)) continue;
    greatest = goodput;
    best.mcs = mcs;
    best.sinr_db = sinr;
  }
  return best;
}

float bias_slope(float threshold_db, const Feedback& feedback) noexcept {
  const float width = std::hypot(kBlerWidthDb, feedback.sigma_db);
  const float z = std::clamp((feedback.predicted_sinr_db - threshold_db) / width, -5.0F, 5.0F);
  const float density = 0.39894228F * std::exp(-0.5F * square(z));
  const float probability = std::max(normal_cdf(feedback.acknowledged ? z : -z), 1e-7F);
  const float slope = std::min(density / probability / width, kGreatestSlope);
  return feedback.acknowledged ? slope : -slope;
}

}  // namespace pado::scheduler::learned
