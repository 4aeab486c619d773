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
#include "tests/reference/wiener.h"

// Channel estimation, docs/channel_estimation.md, step by step and in its numbering. Decisions that are a few numbers
// (channel_time, interference) are taken by the functions that the page names; those have tests of their own.
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
      : s_(shape), grid_(grid), pilots_(pilots), n_(6 * shape.prbs) {
    for (int comb = 0; comb < 2; ++comb) {
      std::vector<DmrsPort> ports;
      for (int l = 0; l < s_.layers; ++l)
        if (s_.port[l].comb == comb) ports.push_back(s_.port[l]);
      if (!ports.empty()) combs_.push_back({comb, ports});
    }
  }

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
  using Key = std::tuple<int, int, int>;  // comb (index), antenna, symbol or branch
  struct Comb {
    int offset;
    std::vector<DmrsPort> ports;
    [[nodiscard]] int count() const { return static_cast<int>(ports.size()); }
  };
  static constexpr double kTwoPi = 2 * std::numbers::pi;

  template <class Visit>
  void each_comb_antenna(Visit visit) const {
    for (int c = 0; c < static_cast<int>(combs_.size()); ++c)
      for (int a = 0; a < s_.antennas; ++a) visit(c, a);
  }
  [[nodiscard]] double time_of(int s) const { return s_.symbol_time_s[s_.dmrs_symbol[s]]; }

  void least_squares() {  // step 1
    each_comb_antenna([&](int c, int a) {
      const bool alternating = combs_[c].count() == 1 && combs_[c].ports[0].alternating;
      for (int s = 0; s < s_.dmrs_symbols; ++s) {
        Row& row = z_[{c, a, s}];
        for (int j = 0; j < n_; ++j) {
          const auto bit = [&](int i) { return (pilots_[s * pilot_words(s_.prbs) + i / 32] >> (i % 32)) & 1; };
          Complex r = Complex(1.0 - 2.0 * bit(2 * j), 1.0 - 2.0 * bit(2 * j + 1)) / std::sqrt(2.0);
          if (alternating && j % 2 == 1) r = -r;
          const int k = s_.first_subcarrier + 2 * j + combs_[c].offset;
          const int at = (a * kSymbolsPerSlot + s_.dmrs_symbol[s]) * s_.grid_stride + k;
          row.push_back(wide(grid_[at]) * std::conj(r) / static_cast<double>(s_.amplitude));
        }
      }
    });
  }

  void remove_delay() {  // step 2
    Complex sum = 0;
    for (const auto& [key, z] : z_)
      for (int j = 0; j + 2 < n_; ++j) sum += z[j + 2] * std::conj(z[j]);
    out_.timing_offset_s = -std::arg(sum) / (kTwoPi * 4 * s_.scs_hz);
    for (auto& [key, z] : z_)
      for (int j = 0; j < n_; ++j)
        z[j] *= std::polar(1.0, kTwoPi * (2 * j + combs_[std::get<0>(key)].offset) * s_.scs_hz * out_.timing_offset_s);
  }

  void measure_noise() {  // step 3
    const auto combs = static_cast<double>(combs_.size());
    noise_.assign(static_cast<std::size_t>(s_.antennas), 0);
    std::vector<double> antenna_energy(noise_.size());
    each_comb_antenna([&](int c, int a) {
      const int d = combs_[c].count();
      const bool third = n_ > 3 * d;
      const int count = n_ - (third ? 3 : 2) * d;
      for (int s = 0; s < s_.dmrs_symbols; ++s) {
        const Row& z = z_[{c, a, s}];
        for (int j = 0; j < count; ++j) {
          const Complex difference =
              third ? z[j] - 3.0 * z[j + d] + 3.0 * z[j + 2 * d] - z[j + 3 * d] : z[j] - 2.0 * z[j + d] + z[j + 2 * d];
          noise_[a] += std::norm(difference) / (third ? 20 : 6) / (count * s_.dmrs_symbols * combs);
        }
        for (const Complex value : z) energy_[{c, a, 0}] += std::norm(value) / (n_ * s_.dmrs_symbols);
      }
      antenna_energy[a] += energy_[{c, a, 0}] / combs;
    });
    for (int a = 0; a < s_.antennas; ++a) noise_[a] = std::max(noise_[a], 1e-7 * antenna_energy[a]);
    each_comb_antenna([&](int c, int a) {
      const double energy = energy_[{c, a, 0}];
      power_[{c, a, 0}] = std::max(energy - noise_[a], 1e-3 * energy) / combs_[c].count();
    });
  }

  [[nodiscard]] double total(auto of_comb_antenna) const {
    double sum = 0;
    each_comb_antenna([&](int c, int a) { sum += of_comb_antenna(c, a); });
    return sum;
  }

  void model_time() {  // steps 4 to 6
    std::array<cf32, kMaxDmrsSymbols * kMaxDmrsSymbols> correlation{};
    double widest = 0;
    for (int s = 1; s < s_.dmrs_symbols; ++s) {
      for (int r = 0; r < s; ++r) {
        Complex sum = 0;
        each_comb_antenna([&](int c, int a) {
          for (int j = 0; j < n_; ++j) sum += z_[{c, a, s}][j] * std::conj(z_[{c, a, r}][j]) / noise_[a];
        });
        correlation[s * kMaxDmrsSymbols + r] = {static_cast<float>(sum.real()), static_cast<float>(sum.imag())};
        if (s == s_.dmrs_symbols - 1 && r == 0) widest = std::abs(sum);
      }
    }
    out_.cfo_hz = channel_time::estimate_cfo(s_, correlation.data());
    const auto signal = [&](int c, int a) { return combs_[c].count() * power_.at({c, a, 0}); };
    const double rho = std::min(1.0, widest / (n_ * total([&](int c, int a) { return signal(c, a) / noise_[a]; })));
    const double snr = total(signal) / total([&](int, int a) { return noise_[a]; });
    const double pairs = n_ * s_.antennas * static_cast<double>(combs_.size());
    out_.doppler_hz =
        channel_time::estimate_doppler(s_, static_cast<float>(rho), static_cast<float>(snr), static_cast<float>(pairs));
    const auto doppler = static_cast<float>(out_.doppler_hz);
    branches_ = channel_time::make_branches(s_, doppler);
    out_.branches = branches_.count;
    for (int b = 0; b < branches_.count; ++b) {
      for (int l = 0; l < kSymbolsPerSlot; ++l) {
        const double gain = channel_time::branch_gain(s_, branches_, b, doppler, s_.symbol_time_s[l]);
        out_.time_gain[b * kSymbolsPerSlot + l] = std::polar(1.0, kTwoPi * out_.cfo_hz * s_.symbol_time_s[l]) * gain;
      }
    }
    each_comb_antenna([&](int c, int a) {
      for (int s = 0; s < s_.dmrs_symbols; ++s)
        for (Complex& z : z_[{c, a, s}]) z *= std::polar(1.0, -kTwoPi * out_.cfo_hz * time_of(s));
      for (int b = 0; b < branches_.count; ++b) {
        Row& y = y_[{c, a, b}];
        y.resize(static_cast<std::size_t>(n_));
        for (int s = 0; s < s_.dmrs_symbols; ++s)
          for (int j = 0; j < n_; ++j) y[j] += static_cast<double>(branches_.weight[b][s]) * z_[{c, a, s}][j];
      }
    });
  }

  const WienerFilter& filter_of(int c, int a, int b) {
    const double snr = power_[{c, a, 0}] * branches_.power[b] / noise_[a];
    const int step = wiener::snr_step(static_cast<float>(snr)), ports = combs_[c].count();
    const auto [at, made] = filters_.try_emplace({ports, c, step});
    if (made) {
      const int window = wiener::window_prbs(wiener::window_index(s_.prbs));
      at->second =
          wiener_filter(ports, combs_[c].offset, wiener::kFirstSnr_db + wiener::kSnrStep_db * step, window, s_.scs_hz);
    }
    return at->second;
  }
  [[nodiscard]] int window_start(int prb) const {
    return wiener::window_start(prb, s_.prbs, wiener::window_index(s_.prbs));
  }

  void filter() {  // step 7, and the branches' residuals of step 8
    out_.channel.assign(static_cast<std::size_t>(s_.antennas * s_.layers * kMaxBranches),
                        Row(static_cast<std::size_t>(12 * s_.prbs)));
    each_comb_antenna([&](int c, int a) {
      for (int b = 0; b < branches_.count; ++b) {
        const WienerFilter& f = filter_of(c, a, b);
        const Row& y = y_[{c, a, b}];
        Row left = y;
        for (int k = 0; k < 12 * s_.prbs; ++k) {
          const int start = window_start(k / 12), m = k - 12 * start;
          Complex even = 0, odd = 0;
          for (std::size_t j = 0; j < f.taps.columns; ++j) (j % 2 == 0 ? even : odd) += f.taps(m, j) * y[6 * start + j];
          const Complex turn = std::polar(1.0, -kTwoPi * k * s_.scs_hz * out_.timing_offset_s);
          for (int l = 0; l < s_.layers; ++l) {
            if (s_.port[l].comb != combs_[c].offset) continue;
            const bool minus = s_.port[l].alternating && combs_[c].count() == 2;
            const Complex h = minus ? even - odd : even + odd;
            out_.channel[(a * s_.layers + l) * kMaxBranches + b][k] = h * turn;
            if (k % 2 == combs_[c].offset) left[k / 2] -= minus && k / 2 % 2 == 1 ? -h : h;
          }
        }
        for (int j = 0; j < n_; ++j) left[j] /= std::sqrt(std::max(f.freedom[j / 6 - window_start(j / 6)], 0.1));
        residuals_[{c, a, b}] = left;
      }
      for (int s = 0; s < s_.dmrs_symbols; ++s) {
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
        for (int j = 6 * prb; j < 6 * prb + 6; ++j)
          q(std::get<1>(key), other) +=
              left[j] * std::conj(right[j]) / (6.0 * static_cast<double>(combs_.size()) * s_.dmrs_symbols);
      }
    }
    return q;
  }

  void measure_covariance() {  // steps 8 and 9
    const double samples =
        6.0 * static_cast<double>(combs_.size()) * s_.dmrs_symbols * std::min(s_.prbs * 1.0, 8.0 / 3);
    for (int prb = 0; prb < s_.prbs; ++prb) {
      const Matrix before = residual_covariance(std::max(prb - 1, 0)), here = residual_covariance(prb);
      const Matrix after = residual_covariance(std::min(prb + 1, s_.prbs - 1));
      interference::Matrix q{};
      std::array<float, interference::kMaxAntennas> noise{};
      for (int i = 0; i < s_.antennas; ++i) {
        noise[i] = static_cast<float>(noise_[i]);
        for (int j = 0; j < s_.antennas; ++j) {
          const Complex sum = 0.25 * before(i, j) + 0.5 * here(i, j) + 0.25 * after(i, j);
          q.at[i][j] = {static_cast<float>(sum.real()), static_cast<float>(sum.imag())};
        }
      }
      const auto used = interference::condition(q, noise.data(), s_.antennas, static_cast<float>(samples));
      Matrix r(here.rows, here.columns);
      for (int i = 0; i < s_.antennas; ++i) {
        for (int j = 0; j < s_.antennas; ++j)
          r(i, j) = wide(used.at[i][j]) * std::sqrt(growth(i, prb) * growth(j, prb));
      }
      out_.covariance.push_back(r);
    }
  }

  double growth(int antenna, int prb) {
    return std::pow(s_.amplitude, 2) + estimate_error(antenna, prb) / noise_[antenna];
  }
  double estimate_error(int antenna, int prb) {
    double error = 0;
    for (int c = 0; c < static_cast<int>(combs_.size()); ++c) {
      for (int b = 0; b < branches_.count; ++b) {
        double gain = 0;
        for (int l = s_.first_symbol; l < s_.first_symbol + s_.symbols; ++l)
          gain += std::norm(out_.time_gain[b * kSymbolsPerSlot + l]) / s_.symbols;
        error += gain * combs_[c].count() * power_[{c, antenna, 0}] * branches_.power[b] *
                 filter_of(c, antenna, b).error[prb - window_start(prb)];
      }
    }
    return error;
  }

  void summarise() {  // step 10
    for (const double noise : noise_) out_.noise.push_back(noise * std::pow(s_.amplitude, 2));
    const double count = static_cast<double>(combs_.size()) * s_.antennas;
    out_.signal_power = total([&](int c, int a) { return power_.at({c, a, 0}) / count; });
  }

  const DmrsShape& s_;
  std::span<const cf32> grid_;
  std::span<const std::uint32_t> pilots_;
  int n_;  // pilots of a comb and symbol
  std::vector<Comb> combs_;
  std::map<Key, Row> z_, y_, residuals_;  // residuals: branches, then the DM-RS symbols
  std::map<Key, double> energy_, power_;  // of (comb, antenna, 0)
  std::vector<double> noise_;
  channel_time::Branches branches_;
  std::map<Key, WienerFilter> filters_;  // by ports, comb, step
  ChannelEstimate out_;
};

}  // namespace pado::reference
