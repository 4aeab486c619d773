// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/dmrs_slot.h"

#include <cmath>
#include <numbers>
#include <random>

#include "kernels/padding.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/numerology.h"

namespace pado::tests {
namespace {

using reference::Complex;
constexpr double kTwoPi = 2 * std::numbers::pi;

DmrsPort port_of(int type, int port) {
  const auto row = nr::dmrs_port(type, port);
  return {row.cdm_group, row.alternating, row.second_minus};
}

DmrsShape shape_of(const DmrsCase& c) {
  DmrsShape s{.antennas = c.antennas,
              .layers = static_cast<int>(c.ports.size()),
              .type = c.type,
              .dmrs_symbols = static_cast<int>(c.symbols.size()),
              .prbs = c.prbs,
              .first_subcarrier = 12 * (c.prbs % 3),
              .grid_stride = grid_stride(c.prbs + 3),
              .amplitude = static_cast<float>(c.amplitude),
              .scs_hz = static_cast<float>(c.scs_hz),
              .first_symbol = 0,
              .symbols = kSymbolsPerSlot,
              .channel_layers = static_cast<int>(c.ports.size()),
              .channel_stride = channel_stride(c.prbs),
              .covariance_stride = covariance_stride(c.prbs)};
  for (std::size_t i = 0; i < c.symbols.size(); ++i) {
    s.dmrs_symbol[i] = c.symbols[i];
    s.second[i] = c.length == 2 && i % 2 == 1;
  }
  for (std::size_t l = 0; l < c.ports.size(); ++l) s.port[l] = port_of(c.type, c.ports[l]);
  for (const int other : c.others) {
    const DmrsPort port = port_of(c.type, other);
    s.co_scheduled[static_cast<std::size_t>(port.cdm_group)] |= port_code(port.alternating, port.second_minus);
  }
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
  const auto gains = static_cast<std::size_t>(slot.shape.antennas * slot.sent_layers);
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

// What a port sends on a subcarrier of the allocation in DM-RS symbol i; 0 where it does not.
Complex pilot_on(const DmrsSlot& slot, int i, int k, const DmrsPort& port) {
  const DmrsShape& s = slot.shape;
  for (int j = pilots_per_prb(s.type) * (k / 12); j < pilots_per_prb(s.type) * (k / 12 + 1); ++j) {
    if (pilot_subcarrier(s.type, port.cdm_group, j) != k) continue;
    const auto sign = [&](int bit) {
      const int word = i * pilot_words(s.type, s.prbs) + bit / 32;
      return ((slot.pilots[static_cast<std::size_t>(word)] >> (bit % 32)) & 1) != 0 ? -std::sqrt(0.5) : std::sqrt(0.5);
    };
    const bool minus = (port.alternating && j % 2 == 1) != (port.second_minus && s.second[static_cast<std::size_t>(i)]);
    return (minus ? -1.0 : 1.0) * static_cast<double>(s.amplitude) * Complex{sign(2 * j), sign(2 * j + 1)};
  }
  return 0;
}

}  // namespace

Complex DmrsSlot::channel_at(int antenna, int layer, int symbol, int subcarrier) const {
  Complex sum = 0;
  const double t = shape.symbol_time_s[symbol], f = subcarrier * static_cast<double>(shape.scs_hz);
  for (const Ray& ray : rays)
    sum += ray.gain[static_cast<std::size_t>(antenna * sent_layers + layer)] *
           std::polar(1.0, kTwoPi * ((cfo_hz + ray.doppler_hz) * t - f * ray.delay_s));
  return sum;
}

DmrsSlot random_slot(const DmrsCase& c, const Propagation& through, unsigned seed) {
  DmrsSlot slot{.shape = shape_of(c),
                .grid = {},
                .pilots = {},
                .noise = {},
                .sent_layers = static_cast<int>(c.ports.size() + c.others.size()),
                .rays = {},
                .cfo_hz = through.cfo_hz};
  const DmrsShape& s = slot.shape;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, std::sqrt(0.5));
  const auto gaussian = [&] { return Complex{normal(random), normal(random)}; };
  slot.grid.resize(static_cast<std::size_t>(s.antennas * kSymbolsPerSlot * s.grid_stride));
  slot.pilots.resize(static_cast<std::size_t>(s.dmrs_symbols * pilot_words(s.type, s.prbs)));
  for (auto& word : slot.pilots) word = static_cast<std::uint32_t>(random());
  scatter(slot, through, random);
  std::vector<DmrsPort> sent;
  for (const int port : c.ports) sent.push_back(port_of(c.type, port));
  for (const int port : c.others) sent.push_back(port_of(c.type, port));
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
        for (int l = 0; l < slot.sent_layers; ++l)
          y += slot.channel_at(a, l, s.dmrs_symbol[i], k) * pilot_on(slot, i, k, sent[static_cast<std::size_t>(l)]);
        slot.grid[static_cast<std::size_t>((a * kSymbolsPerSlot + s.dmrs_symbol[i]) * s.grid_stride +
                                           s.first_subcarrier + k)] = {static_cast<float>(y.real()),
                                                                       static_cast<float>(y.imag())};
      }
    }
  }
  return slot;
}

}  // namespace pado::tests
