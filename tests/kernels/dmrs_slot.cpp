// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/dmrs_slot.h"

#include <cmath>
#include <numbers>
#include <random>

#include "phy/nr/numerology.h"

namespace pado::tests {
namespace {

using reference::Complex;
constexpr double kTwoPi = 2 * std::numbers::pi;

DmrsShape shape_of(const DmrsCase& c) {
  const auto round_up = [](int value, int multiple) { return (value + multiple - 1) / multiple * multiple; };
  DmrsShape s{.antennas = c.antennas,
              .layers = static_cast<int>(c.ports.size()),
              .dmrs_symbols = static_cast<int>(c.symbols.size()),
              .prbs = c.prbs,
              .first_subcarrier = 12 * (c.prbs % 3),
              .grid_stride = round_up(12 * (c.prbs + 3), 16),
              .amplitude = static_cast<float>(c.amplitude),
              .scs_hz = static_cast<float>(c.scs_hz),
              .first_symbol = 0,
              .symbols = kSymbolsPerSlot,
              .channel_stride = round_up(12 * c.prbs, 64),
              .covariance_stride = round_up(c.prbs, 16)};
  for (std::size_t i = 0; i < c.symbols.size(); ++i) s.dmrs_symbol[i] = c.symbols[i];
  for (std::size_t l = 0; l < c.ports.size(); ++l) s.port[l] = {c.ports[l] / 2, c.ports[l] % 2 == 1};
  constexpr int kFft = 2048;
  const auto timing = nr::slot_timing(c.scs_hz, kFft, 0);
  for (int l = 0; l < kSymbolsPerSlot; ++l)
    s.symbol_time_s[l] = static_cast<float>((timing.symbol_start[l] + kFft / 2) / (1.0 * c.scs_hz * kFft));
  return s;
}

// One ray where the channel is flat and still; else 24 of exponentially falling power and any angle of arrival.
void scatter(DmrsSlot& slot, const Propagation& through, std::mt19937& random) {
  std::normal_distribution<double> normal(0, std::sqrt(0.5));
  std::uniform_real_distribution<double> uniform(0, 1);
  const int count = through.delay_spread_s == 0 && through.doppler_hz == 0 ? 1 : 24;
  const auto gains = static_cast<std::size_t>(slot.shape.antennas * slot.shape.layers);
  double total = 0, mean_s = 0;
  for (int i = 0; i < count; ++i) {
    const double excess_s = count == 1 ? 0 : 4 * through.delay_spread_s * i / count;
    const double power = through.delay_spread_s == 0 ? 1 : std::exp(-excess_s / through.delay_spread_s);
    DmrsSlot::Ray ray{excess_s, through.doppler_hz * std::cos(kTwoPi * uniform(random)), std::vector<Complex>(gains)};
    for (Complex& gain : ray.gain)
      gain = count == 1 ? std::polar(1.0, kTwoPi * uniform(random))
                        : std::sqrt(power) * Complex{normal(random), normal(random)};
    total += power;
    mean_s += power * excess_s;
    slot.rays.push_back(ray);
  }
  for (auto& ray : slot.rays) {
    ray.delay_s += through.delay_s - mean_s / total;  // delay_s is the mean
    for (Complex& gain : ray.gain) gain /= std::sqrt(total);
  }
}

}  // namespace

Complex DmrsSlot::channel_at(int antenna, int layer, int symbol, int subcarrier) const {
  Complex sum = 0;
  const double t = shape.symbol_time_s[symbol], f = subcarrier * static_cast<double>(shape.scs_hz);
  for (const Ray& ray : rays)
    sum += ray.gain[static_cast<std::size_t>(antenna * shape.layers + layer)] *
           std::polar(1.0, kTwoPi * ((cfo_hz + ray.doppler_hz) * t - f * ray.delay_s));
  return sum;
}

DmrsSlot random_slot(const DmrsCase& c, const Propagation& through, unsigned seed) {
  DmrsSlot slot{.shape = shape_of(c), .grid = {}, .pilots = {}, .noise = {}, .rays = {}, .cfo_hz = through.cfo_hz};
  const DmrsShape& s = slot.shape;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, std::sqrt(0.5));
  const auto gaussian = [&] { return Complex{normal(random), normal(random)}; };
  slot.grid.resize(static_cast<std::size_t>(s.antennas * kSymbolsPerSlot * s.grid_stride));
  slot.pilots.resize(static_cast<std::size_t>(s.dmrs_symbols * pilot_words(s.prbs)));
  for (auto& word : slot.pilots) word = static_cast<std::uint32_t>(random());
  scatter(slot, through, random);
  std::vector<Complex> direction;
  for (int a = 0; a < s.antennas; ++a) {
    const double over_db = through.noise_db.empty() ? 0 : through.noise_db[static_cast<std::size_t>(a)];
    slot.noise.push_back(std::pow(10, (over_db - through.snr_db) / 10));
    direction.push_back(std::polar(std::pow(10, (through.interferer_db - through.snr_db) / 20), kTwoPi * 0.37 * a * a));
  }
  for (int i = 0; i < s.dmrs_symbols; ++i) {
    for (int k = 0; k < 12 * s.prbs; ++k) {
      const Complex interferer = gaussian();
      for (int a = 0; a < s.antennas; ++a) {
        Complex y = gaussian() * std::sqrt(slot.noise[static_cast<std::size_t>(a)]) +
                    direction[static_cast<std::size_t>(a)] * interferer;
        for (int l = 0; l < s.layers; ++l) {
          if (k % 2 != s.port[l].comb) continue;
          const int j = k / 2;
          const auto sign = [&](int bit) {
            return ((slot.pilots[static_cast<std::size_t>(i * pilot_words(s.prbs) + bit / 32)] >> (bit % 32)) & 1) != 0
                       ? -std::sqrt(0.5)
                       : std::sqrt(0.5);
          };
          const Complex pilot =
              Complex{sign(2 * j), sign(2 * j + 1)} * (s.port[l].alternating && j % 2 == 1 ? -1.0 : 1.0);
          y += static_cast<double>(s.amplitude) * slot.channel_at(a, l, s.dmrs_symbol[i], k) * pilot;
        }
        slot.grid[static_cast<std::size_t>((a * kSymbolsPerSlot + s.dmrs_symbol[i]) * s.grid_stride +
                                           s.first_subcarrier + k)] = {static_cast<float>(y.real()),
                                                                       static_cast<float>(y.imag())};
      }
    }
  }
  return slot;
}

}  // namespace pado::tests
