// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <span>
#include <tuple>

#include "kernels/channel_time.h"
#include "kernels/interference.h"
#include "kernels/pilot_sets.h"
#include "tests/reference/wiener.h"

// Channel estimation, docs/channel_estimation.md, step by step and in its numbering. Decisions that are a few numbers
// (pilot_sets, channel_time, interference) are taken by the functions that the page names; those have tests of their
// own.
namespace pado::reference {

struct ChannelEstimate {
  bool usable = false;
  int branches = 0;
  double cfo_hz = 0, timing_offset_s = 0, doppler_hz = 0, signal_power = 0;
  std::vector<double> noise;                                        // [antenna]
  std::array<Complex, kMaxBranches * kSymbolsPerSlot> time_gain{};  // [branch][symbol]
  std::vector<std::vector<Complex>> channel;                        // [(antenna, layer, branch)][subcarrier]
  std::vector<Matrix> covariance;                                   // [prb]
};

class ChannelEstimator {
 public:
  ChannelEstimator(const DmrsShape& shape, std::span<const cf32> grid, std::span<const std::uint32_t> pilots)
      : s_(shape),
        grid_(grid),
        pilots_(pilots),
        per_prb_(pilots_per_prb(shape.type)),
        n_(per_prb_ * shape.prbs),
        sets_(pilot_sets(shape)),
        instants_(pilot_instants(shape, sets_)) {}

  ChannelEstimate run() {
    least_squares();
    double energy = 0;
    for (const auto& [key, row] : z_)
      for (const Complex z : row) energy += std::norm(z);
    if (!(energy > 0) || !std::isfinite(energy)) return out_;
    out_.usable = true;
    remove_delay();
    measure_noise();
    model_time();
    filter();
    measure_covariance();
    summarise();
    return out_;
  }

 private:
  using Row = std::vector<Complex>;
  using Key = std::tuple<int, int, int>;  // set, antenna, symbol or branch
  static constexpr double kTwoPi = 2 * std::numbers::pi;

  template <class Visit>
  void each_set_antenna(Visit visit) const {
    for (int c = 0; c < sets_.count; ++c)
      for (int a = 0; a < s_.antennas; ++a) visit(c, a);
  }
  [[nodiscard]] int symbols() const { return instants_.count; }
  [[nodiscard]] int subcarrier(int set, int j) const { return pilot_subcarrier(s_.type, sets_.set[set].cdm_group, j); }
  [[nodiscard]] double data_noise() const { return std::pow(s_.amplitude, 2) * (sets_.spread ? 2 : 1); }

  [[nodiscard]] Complex least_squares_at(int c, int a, int s, int j) const {
    const auto bit = [&](int i) { return (pilots_[s * pilot_words(s_.type, s_.prbs) + i / 32] >> (i % 32)) & 1; };
    Complex r = Complex(1.0 - 2.0 * bit(2 * j), 1.0 - 2.0 * bit(2 * j + 1)) / std::sqrt(2.0);
    if (sets_.set[c].alternating && j % 2 == 1) r = -r;
    if (sets_.set[c].second_minus && s_.second[s]) r = -r;
    const int at = (a * kSymbolsPerSlot + s_.dmrs_symbol[s]) * s_.grid_stride + s_.first_subcarrier + subcarrier(c, j);
    return wide(grid_[at]) * std::conj(r) / static_cast<double>(s_.amplitude);
  }

  void least_squares() {  // step 1
    each_set_antenna([&](int c, int a) {
      const PilotSet& set = sets_.set[c];
      for (int s = 0; s < symbols(); ++s) {
        Row& row = z_[{c, a, s}];
        for (int j = 0; j < n_; ++j)
          row.push_back(sets_.spread ? (least_squares_at(c, a, 2 * s, j) + least_squares_at(c, a, 2 * s + 1, j)) / 2.0
                                     : least_squares_at(c, a, s, j));
        Row& own = own_[{c, a, s}];
        own = row;
        for (int j = 0; j < n_ && set.shared; ++j)
          own[j] = j % 2 == 1 ? 0 : (row[j] + (set.own_alternates ? -1.0 : 1.0) * row[j + 1]) / std::sqrt(2.0);
      }
    });
  }

  void remove_delay() {  // step 2
    Complex sum = 0;
    for (const auto& [key, z] : own_)
      for (int j = 0; j + 2 < n_; ++j) sum += z[j + 2] * std::conj(z[j]);
    out_.timing_offset_s = -std::arg(sum) / (kTwoPi * pilot_subcarrier(s_.type, 0, 2) * s_.scs_hz);
    for (auto& [key, z] : z_)
      for (int j = 0; j < n_; ++j)
        z[j] *= std::polar(1.0, kTwoPi * subcarrier(std::get<0>(key), j) * s_.scs_hz * out_.timing_offset_s);
  }

  void measure_noise() {  // step 3
    const double sets = sets_.count;
    noise_.assign(static_cast<std::size_t>(s_.antennas), 0);
    std::vector<double> antenna_energy(noise_.size());
    each_set_antenna([&](int c, int a) {
      const NoiseDifference& d = sets_.set[c].difference;
      for (int s = 0; s < symbols(); ++s) {
        const Row& z = z_[{c, a, s}];
        for (int place = 0; place < d.places; ++place) {
          Complex difference = 0;
          for (int i = 0; i < d.taps; ++i)
            difference += static_cast<double>(d.weight[i]) * z[d.step * place + d.offset[i]];
          noise_[a] += std::norm(difference) / d.energy / (d.places * symbols() * sets);
        }
        for (const Complex value : z) energy_[{c, a, 0}] += std::norm(value) / (n_ * symbols());
        for (const Complex value : own_[{c, a, s}]) own_energy_[{c, a, 0}] += std::norm(value) / (n_ * symbols());
      }
      antenna_energy[a] += energy_[{c, a, 0}] / sets;
    });
    for (int a = 0; a < s_.antennas; ++a) noise_[a] = std::max(noise_[a], 1e-7 * antenna_energy[a]);
    each_set_antenna([&](int c, int a) {
      const double energy = energy_[{c, a, 0}], own = own_energy_[{c, a, 0}];
      power_[{c, a, 0}] = std::max(energy - noise_[a], 1e-3 * energy) / sets_.set[c].ports;
      own_power_[{c, a, 0}] =
          sets_.set[c].shared ? std::max(own - noise_[a] / 2, 1e-3 * own) : sets_.set[c].ports * power_[{c, a, 0}];
    });
  }

  [[nodiscard]] double total(auto of_set_antenna) const {
    double sum = 0;
    each_set_antenna([&](int c, int a) { sum += of_set_antenna(c, a); });
    return sum;
  }

  void model_time() {  // steps 4 to 6
    std::array<cf32, kMaxDmrsSymbols * kMaxDmrsSymbols> correlation{};
    double widest = 0;
    for (int s = 1; s < symbols(); ++s) {
      for (int r = 0; r < s; ++r) {
        Complex sum = 0;
        each_set_antenna([&](int c, int a) {
          for (int j = 0; j < n_; ++j) sum += own_[{c, a, s}][j] * std::conj(own_[{c, a, r}][j]) / noise_[a];
        });
        correlation[s * kMaxDmrsSymbols + r] = {static_cast<float>(sum.real()), static_cast<float>(sum.imag())};
        if (s == symbols() - 1 && r == 0) widest = std::abs(sum);
      }
    }
    out_.cfo_hz = channel_time::estimate_cfo(instants_, correlation.data());
    const auto signal = [&](int c, int a) { return own_power_.at({c, a, 0}); };
    const double rho = std::min(1.0, widest / (n_ * total([&](int c, int a) { return signal(c, a) / noise_[a]; })));
    const double snr = total(signal) / total([&](int, int a) { return noise_[a]; });
    const double pairs = n_ * s_.antennas * sets_.count;
    out_.doppler_hz = channel_time::estimate_doppler(instants_, static_cast<float>(rho), static_cast<float>(snr),
                                                     static_cast<float>(pairs));
    const auto doppler = static_cast<float>(out_.doppler_hz);
    branches_ = channel_time::make_branches(instants_, doppler);
    out_.branches = branches_.count;
    for (int b = 0; b < branches_.count; ++b) {
      for (int l = 0; l < kSymbolsPerSlot; ++l) {
        const double gain = channel_time::branch_gain(instants_, branches_, b, doppler, s_.symbol_time_s[l]);
        out_.time_gain[b * kSymbolsPerSlot + l] = std::polar(1.0, kTwoPi * out_.cfo_hz * s_.symbol_time_s[l]) * gain;
      }
    }
    each_set_antenna([&](int c, int a) {
      for (int s = 0; s < symbols(); ++s)
        for (Complex& z : z_[{c, a, s}]) z *= std::polar(1.0, -kTwoPi * out_.cfo_hz * instants_.at_s[s]);
      for (int b = 0; b < branches_.count; ++b) {
        Row& y = y_[{c, a, b}];
        y.resize(static_cast<std::size_t>(n_));
        for (int s = 0; s < symbols(); ++s)
          for (int j = 0; j < n_; ++j) y[j] += static_cast<double>(branches_.weight[b][s]) * z_[{c, a, s}][j];
      }
    });
  }

  const WienerFilter& filter_of(int c, int a, int b) {
    const double snr = power_[{c, a, 0}] * branches_.power[b] / noise_[a];
    const int step = wiener::snr_step(static_cast<float>(snr)), ports = sets_.set[c].ports;
    const auto [at, made] = filters_.try_emplace({ports, c, step});
    if (made) {
      const int window = wiener::window_prbs(wiener::window_index(s_.prbs));
      at->second = wiener_filter({s_.type, ports, sets_.set[c].cdm_group},
                                 wiener::kFirstSnr_db + wiener::kSnrStep_db * step, window, s_.scs_hz);
    }
    return at->second;
  }
  [[nodiscard]] int window_start(int prb) const {
    return wiener::window_start(prb, s_.prbs, wiener::window_index(s_.prbs));
  }

  void filter() {  // step 7, and the branches' residuals of step 8
    out_.channel.assign(static_cast<std::size_t>(s_.antennas * s_.layers * kMaxBranches),
                        Row(static_cast<std::size_t>(12 * s_.prbs)));
    each_set_antenna([&](int c, int a) {
      for (int b = 0; b < branches_.count; ++b) {
        const WienerFilter& f = filter_of(c, a, b);
        const Row& y = y_[{c, a, b}];
        Row left = y;
        for (int k = 0; k < 12 * s_.prbs; ++k) {
          const int start = window_start(k / 12), m = k - 12 * start;
          Complex even = 0, odd = 0;
          for (std::size_t j = 0; j < f.taps.columns; ++j)
            (j % 2 == 0 ? even : odd) += f.taps(m, j) * y[per_prb_ * start + j];
          const Complex turn = std::polar(1.0, -kTwoPi * k * s_.scs_hz * out_.timing_offset_s);
          for (int l = 0; l < s_.layers; ++l) {
            if (!is_of_set(sets_, c, s_.port[l])) continue;
            const Complex h = is_difference(sets_.set[c], s_.port[l]) ? even - odd : even + odd;
            out_.channel[(a * s_.layers + l) * kMaxBranches + b][k] = h * turn;
          }
          for (int j = per_prb_ * (k / 12); j < per_prb_ * (k / 12 + 1); ++j) {
            if (subcarrier(c, j) != k) continue;
            left[j] -= even + odd;  // of all ports on the air
            if (sets_.set[c].ports == 2) left[j] -= (j % 2 == 1 ? -1.0 : 1.0) * (even - odd);
          }
        }
        for (int j = 0; j < n_; ++j)
          left[j] /= std::sqrt(std::max(f.freedom[j / per_prb_ - window_start(j / per_prb_)], 0.1));
        residuals_[{c, a, b}] = left;
      }
      for (int s = 0; s < symbols(); ++s) {
        Row left = z_[{c, a, s}];
        for (int b = 0; b < branches_.count; ++b)
          for (int j = 0; j < n_; ++j) left[j] -= static_cast<double>(branches_.weight[b][s]) * y_[{c, a, b}][j];
        residuals_[{c, a, kMaxBranches + s}] = left;
      }
    });
  }

  [[nodiscard]] Matrix residual_covariance(int prb) const {  // step 8, of one PRB
    const auto antennas = static_cast<std::size_t>(s_.antennas);
    Matrix q(antennas, antennas);
    for (const auto& [key, left] : residuals_) {
      for (std::size_t other = 0; other < antennas; ++other) {
        const Row& right = residuals_.at({std::get<0>(key), static_cast<int>(other), std::get<2>(key)});
        for (int j = per_prb_ * prb; j < per_prb_ * (prb + 1); ++j)
          q(std::get<1>(key), other) += left[j] * std::conj(right[j]) / (1.0 * per_prb_ * sets_.count * symbols());
      }
    }
    return q;
  }

  void measure_covariance() {  // steps 8 and 9
    const double samples = 1.0 * per_prb_ * sets_.count * symbols() * std::min(s_.prbs * 1.0, 8.0 / 3);
    for (int prb = 0; prb < s_.prbs; ++prb) {
      const Matrix before = residual_covariance(std::max(prb - 1, 0)), here = residual_covariance(prb);
      const Matrix after = residual_covariance(std::min(prb + 1, s_.prbs - 1));
      Matrix r(here.rows, here.columns);
      for (int first = 0; first < s_.antennas; first += kCovarianceBlock) {
        const int count = std::min(kCovarianceBlock, s_.antennas - first);
        interference::Matrix q{};
        std::array<float, kCovarianceBlock> noise{};
        for (int i = 0; i < count; ++i) {
          noise[i] = static_cast<float>(noise_[first + i]);
          for (int j = 0; j < count; ++j) {
            const Complex sum = 0.25 * before(first + i, first + j) + 0.5 * here(first + i, first + j) +
                                0.25 * after(first + i, first + j);
            q.at[i][j] = {static_cast<float>(sum.real()), static_cast<float>(sum.imag())};
          }
        }
        const auto used = interference::condition(q, noise.data(), count, static_cast<float>(samples));
        for (int i = 0; i < count; ++i)
          for (int j = 0; j < count; ++j)
            r(first + i, first + j) = wide(used.at[i][j]) * std::sqrt(growth(first + i, prb) * growth(first + j, prb));
      }
      out_.covariance.push_back(r);
    }
  }

  double growth(int antenna, int prb) { return data_noise() + estimate_error(antenna, prb) / noise_[antenna]; }
  double estimate_error(int antenna, int prb) {
    double error = 0;
    for (int c = 0; c < sets_.count; ++c) {
      for (int b = 0; b < branches_.count; ++b) {
        double gain = 0;
        for (int l = s_.first_symbol; l < s_.first_symbol + s_.symbols; ++l)
          gain += std::norm(out_.time_gain[b * kSymbolsPerSlot + l]) / s_.symbols;
        error += gain * sets_.set[c].ports * power_[{c, antenna, 0}] * branches_.power[b] *
                 filter_of(c, antenna, b).error[prb - window_start(prb)];
      }
    }
    return error;
  }

  void summarise() {  // step 10
    for (const double noise : noise_) out_.noise.push_back(noise * data_noise());
    const double count = 1.0 * s_.layers * s_.antennas;
    out_.signal_power = total([&](int c, int a) { return own_power_.at({c, a, 0}) / count; });
  }

  const DmrsShape& s_;
  std::span<const cf32> grid_;
  std::span<const std::uint32_t> pilots_;
  int per_prb_, n_;  // pilots of a set and symbol
  PilotSets sets_;
  channel_time::Instants instants_;
  std::map<Key, Row> z_, own_, y_, residuals_;                     // residuals: branches, then the DM-RS symbols
  std::map<Key, double> energy_, own_energy_, power_, own_power_;  // of (set, antenna, 0)
  std::vector<double> noise_;
  channel_time::Branches branches_;
  std::map<Key, WienerFilter> filters_;  // by ports, set, step
  ChannelEstimate out_;
};

}  // namespace pado::reference
