// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/fading_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/propagation/random_stream.h"

namespace pado::propagation {
namespace {

// Enough that a tap is Gaussian to the eye and follows J0 over ten cycles of Doppler; a few waves could be predicted.
constexpr int kWaves = 16;
constexpr int kMaxTaps = 24;
constexpr double kTurn = 2 * std::numbers::pi;

void check(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high))
    throw Error(fmt::format("fading: {} {} is not from {} to {}", name, value, low, high));
}

}  // namespace

FadingChannel::FadingChannel(const nr::Carrier& carrier, const FadingConfig& config)
    : antennas_(carrier.antennas),
      transmit_antennas_(config.transmit_antennas),
      subcarriers_(nr::kSubcarriersPerPrb * carrier.carrier_prb) {
  nr::validate(carrier);
  if (config.profile == nullptr) throw Error("fading: no profile is given");
  check("delay_spread_s", config.delay_spread_s, 0, 1e-5);
  check("doppler_hz", config.doppler_hz, 0, 1e4);
  check("delay_s", config.delay_s, -1e-5, 1e-5);
  check("gain_db", config.gain_db, -200, 200);
  check("transmit_antennas", config.transmit_antennas, 1, 8);
  taps_ = static_cast<int>(config.profile->taps.size());
  const double rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
  const auto timing = nr::slot_timing(carrier.scs_hz, carrier.fft_size, 0);
  slot_s_ = 1e-3 / nr::slots_per_subframe(carrier.scs_hz);
  first_symbol_s_ = (timing.symbol_start[0] + carrier.fft_size / 2.0) / rate_hz;
  // The one prefix in seven that is longer by half a microsecond is spread over the others.
  symbol_s_ = (timing.symbol_start.back() - timing.symbol_start.front()) / rate_hz / (nr::kSymbolsPerSlot - 1);
  draw_waves(config);
  lay_steering(carrier, config);
  if (config.correlation == MimoCorrelation::low) return;
  const ArrayCorrelation level = array_correlation(config.correlation);
  const auto ue = correlation_matrix(transmit_antennas_, level.ue),
             base_station = correlation_matrix(antennas_, level.base_station);
  const int paths = transmit_antennas_ * antennas_;
  std::vector<double> of_paths;
  for (int i = 0; i < paths; ++i) {
    for (int j = 0; j < paths; ++j)
      of_paths.push_back(ue[static_cast<std::size_t>(i / antennas_ * transmit_antennas_ + j / antennas_)] *
                         base_station[static_cast<std::size_t>(i % antennas_ * antennas_ + j % antennas_)]);
  }
  for (const double x : triangular_root(of_paths, paths)) root_.push_back(static_cast<float>(x));
}

void FadingChannel::draw_waves(const FadingConfig& config) {
  RandomStream random(config.seed, config.stream);
  double sum = 0;
  for (const TdlTap& tap : config.profile->taps) sum += std::pow(10.0, tap.power_db / 10);
  for (const TdlTap& tap : config.profile->taps) {
    const double power = std::pow(10.0, (tap.power_db + config.gain_db) / 10) / sum;
    amplitude_.push_back(std::sqrt(power / kWaves));
  }
  for (int path = 0; path < transmit_antennas_ * antennas_ * taps_; ++path) {
    const double first = random.uniform();  // waves come from equal angles, turned as a whole by chance
    for (int wave = 0; wave < kWaves; ++wave) {
      const double angle = kTurn * (wave + first) / kWaves;
      waves_.push_back({config.doppler_hz * std::cos(angle), random.uniform()});
      const double turn = kTurn * waves_.back().doppler_hz * symbol_s_;
      turn_re_.push_back(static_cast<float>(std::cos(turn)));
      turn_im_.push_back(static_cast<float>(std::sin(turn)));
    }
  }
  wave_re_.resize(waves_.size());
  wave_im_.resize(waves_.size());
  const std::size_t gains = static_cast<std::size_t>(nr::kSymbolsPerSlot * transmit_antennas_ * antennas_ * taps_);
  tap_re_.resize(gains);
  tap_im_.resize(gains);
}

void FadingChannel::lay_steering(const nr::Carrier& carrier, const FadingConfig& config) {
  const double unit_s = config.profile->delay_unit_s > 0 ? config.profile->delay_unit_s : config.delay_spread_s;
  for (const TdlTap& tap : config.profile->taps) {
    const double delay_s = config.delay_s + tap.delay * unit_s;
    for (int k = 0; k < subcarriers_; ++k) {  // subcarrier subcarriers_/2 lies on the carrier frequency
      const double turn = -kTurn * (k - subcarriers_ / 2) * carrier.scs_hz * delay_s;
      steering_re_.push_back(static_cast<float>(std::cos(turn)));
      steering_im_.push_back(static_cast<float>(std::sin(turn)));
    }
  }
  channel_re_.resize(static_cast<std::size_t>(subcarriers_));
  channel_im_.resize(static_cast<std::size_t>(subcarriers_));
}

// Exact at the slot's first symbol; from there to the last one 13 turns in single precision.
void FadingChannel::set_slot(std::int64_t slot) noexcept {
  const double time_s = static_cast<double>(slot) * slot_s_ + first_symbol_s_;
  for (std::size_t i = 0; i < waves_.size(); ++i) {
    const double cycles = waves_[i].phase + waves_[i].doppler_hz * time_s;
    const auto turn = static_cast<float>(kTurn * (cycles - std::floor(cycles)));
    wave_re_[i] = std::cos(turn);
    wave_im_[i] = std::sin(turn);
  }
  std::size_t out = 0;
  for (int symbol = 0; symbol < nr::kSymbolsPerSlot; ++symbol) {
    for (int path = 0; path < transmit_antennas_ * antennas_ * taps_; ++path, ++out) {
      const auto amplitude = static_cast<float>(amplitude_[static_cast<std::size_t>(path % taps_)]);
      float* re = wave_re_.data() + path * kWaves;
      float* im = wave_im_.data() + path * kWaves;
      const float* turn_re = turn_re_.data() + path * kWaves;
      const float* turn_im = turn_im_.data() + path * kWaves;
      float sum_re = 0, sum_im = 0;
      for (int wave = 0; wave < kWaves; ++wave) {
        sum_re += re[wave];
        sum_im += im[wave];
      }
      for (int wave = 0; wave < kWaves; ++wave) {
        const float turned = re[wave] * turn_re[wave] - im[wave] * turn_im[wave];
        im[wave] = re[wave] * turn_im[wave] + im[wave] * turn_re[wave];
        re[wave] = turned;
      }
      tap_re_[out] = amplitude * sum_re;
      tap_im_[out] = amplitude * sum_im;
    }
  }
  if (root_.empty()) return;
  correlate_antennas(tap_re_);
  correlate_antennas(tap_im_);
}

// The root is real: real and imaginary parts are mixed alike. From the last path up, in place.
void FadingChannel::correlate_antennas(std::span<float> gains) const noexcept {
  const int paths = transmit_antennas_ * antennas_;
  for (int symbol = 0; symbol < nr::kSymbolsPerSlot; ++symbol) {
    float* of_symbol = gains.data() + symbol * paths * taps_;
    for (int path = paths - 1; path >= 0; --path) {
      for (int tap = 0; tap < taps_; ++tap) {
        float sum = 0;
        for (int from = 0; from <= path; ++from) sum += root_[path * paths + from] * of_symbol[from * taps_ + tap];
        of_symbol[path * taps_ + tap] = sum;
      }
    }
  }
}

void FadingChannel::fill_response(const float* gains_re, const float* gains_im, int first_subcarrier,
                                  int count) noexcept {
  assert(first_subcarrier >= 0 && first_subcarrier + count <= subcarriers_);
  float* re = channel_re_.data();
  float* im = channel_im_.data();
  std::fill_n(re, count, 0.0F);
  std::fill_n(im, count, 0.0F);
  for (int index = 0; index < taps_; ++index) {
    const float gain_re = gains_re[index], gain_im = gains_im[index];
    const float* s_re = steering_re_.data() + index * subcarriers_ + first_subcarrier;
    const float* s_im = steering_im_.data() + index * subcarriers_ + first_subcarrier;
    for (int k = 0; k < count; ++k) {
      re[k] += gain_re * s_re[k] - gain_im * s_im[k];
      im[k] += gain_re * s_im[k] + gain_im * s_re[k];
    }
  }
}

void FadingChannel::response(int symbol, int antenna, int first_subcarrier, std::span<cf32> channel,
                             int transmit) noexcept {
  const std::size_t gains = tap_index(symbol, antenna, transmit);
  fill_response(&tap_re_[gains], &tap_im_[gains], first_subcarrier, static_cast<int>(channel.size()));
  for (std::size_t k = 0; k < channel.size(); ++k) channel[k] = {channel_re_[k], channel_im_[k]};
}

void FadingChannel::response_of(std::span<const cf32> gains, int first_subcarrier, std::span<cf32> channel) noexcept {
  assert(static_cast<int>(gains.size()) == taps_ && taps_ <= kMaxTaps);
  std::array<float, kMaxTaps> re{}, im{};
  for (std::size_t tap = 0; tap < gains.size(); ++tap) re[tap] = gains[tap].re, im[tap] = gains[tap].im;
  fill_response(re.data(), im.data(), first_subcarrier, static_cast<int>(channel.size()));
  for (std::size_t k = 0; k < channel.size(); ++k) channel[k] = {channel_re_[k], channel_im_[k]};
}

void FadingChannel::add(const TransmitGrid& sent, int prb_start, int prb_count, TransmitGrid& received) noexcept {
  const int first = nr::kSubcarriersPerPrb * prb_start, count = nr::kSubcarriersPerPrb * prb_count;
  assert(sent.layers == transmit_antennas_);
  for (int symbol = 0; symbol < nr::kSymbolsPerSlot; ++symbol) {
    for (int transmit = 0; transmit < transmit_antennas_; ++transmit) {
      const auto in = sent.row(transmit, symbol).subspan(first, count);
      for (int antenna = 0; antenna < antennas_; ++antenna) {
        const std::size_t gains = tap_index(symbol, antenna, transmit);
        fill_response(&tap_re_[gains], &tap_im_[gains], first, count);
        const auto out = received.row(antenna, symbol).subspan(first, count);
        for (int k = 0; k < count; ++k) out[k] = out[k] + cf32{channel_re_[k], channel_im_[k]} * in[k];
      }
    }
  }
}

}  // namespace pado::propagation
