// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/quality_meter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "phy/nr/numerology.h"

namespace pado::station {
namespace {

constexpr int kMeasuredSymbol = 7;  // the middle of the slot

}  // namespace

QualityMeter::QualityMeter(const nr::Carrier& carrier, const QualityConfig& config)
    : config_(config),
      antennas_(carrier.antennas),
      subcarriers_(nr::kSubcarriersPerPrb * carrier.carrier_prb),
      random_(config.seed, config.stream),
      channel_(subcarriers_),
      power_(subcarriers_),
      truth_db_((carrier.carrier_prb + config.rbg_prbs - 1) / config.rbg_prbs) {}

void QualityMeter::measure(std::int64_t slot, propagation::FadingChannel& fading) {
  std::ranges::fill(power_, 0.0);
  for (int antenna = 0; antenna < antennas_; ++antenna) {
    fading.response(kMeasuredSymbol, antenna, 0, channel_);
    for (int k = 0; k < subcarriers_; ++k) power_[k] += norm(channel_[k]);
  }
  Measured measured{.slot = slot};
  const int width = nr::kSubcarriersPerPrb * config_.rbg_prbs;
  for (std::size_t rbg = 0; rbg < truth_db_.size(); ++rbg) {
    const int first = static_cast<int>(rbg) * width, last = std::min(first + width, subcarriers_);
    double mean = 0;
    for (int k = first; k < last; ++k) mean += power_[k] / (last - first);
    truth_db_[rbg] = 10 * std::log10(mean) - config_.noise_db;
    const double error = config_.error_db * std::numbers::sqrt2 * random_.gaussian().real();
    measured.levels[rbg] = static_cast<std::uint8_t>(cqi_level(truth_db_[rbg] + error));
  }
  waiting_.push_back(measured);
}

void QualityMeter::report(std::int64_t slot, UserIndication& indication) {
  indication.has_cqi = !waiting_.empty() && waiting_.front().slot + config_.delay_slots <= slot;
  if (!indication.has_cqi) return;
  indication.measured_slot = waiting_.front().slot;
  indication.cqi_levels = waiting_.front().levels;
  waiting_.pop_front();
}

}  // namespace pado::station
