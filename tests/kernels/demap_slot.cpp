// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/demap_slot.h"

#include "kernels/padding.h"

namespace pado::tests {
namespace {

using reference::Complex;
using reference::Matrix;

cf32 narrow(Complex z) { return {static_cast<float>(z.real()), static_cast<float>(z.imag())}; }

// Symbols 2 and 3 are DM-RS with data on the other comb or without; 11 has data on the even one, 5 and 9 on what DM-RS
// of type 2 leave.
void lay_out(DemapSlot& x, const DemapCase& c, int before, int behind) {
  DemapShape& s = x.shape;
  s = {.antennas = c.antennas,
       .layers = c.layers,
       .joint = {.count = before + c.layers + behind, .first_own = before, .summary = {}},
       .subcarriers = 12 * c.prbs,
       .first_subcarrier = 12 * (c.prbs % 3),
       .grid_stride = grid_stride(c.prbs + 3),
       .channel_stride = channel_stride(c.prbs),
       .group_stride = group_stride(c.prbs),
       .first_symbol = c.first_symbol,
       .symbols = c.symbols,
       .second_half = c.first_symbol + (c.symbols + 1) / 2,
       .bits_per_symbol = c.bits_per_symbol};
  s.comb.fill(DataComb::all);
  s.comb[2] = DataComb::odd;
  s.comb[3] = DataComb::none;
  s.comb[11] = DataComb::even;
  s.comb[5] = DataComb::last_four;
  s.comb[9] = DataComb::last_two;
  const auto own = static_cast<std::uint16_t>(((1U << c.layers) - 1) << before);
  s.present.fill(static_cast<std::uint16_t>((1U << s.joint.count) - 1));
  s.present[static_cast<std::size_t>(c.first_symbol + c.symbols - 1)] = own;
  for (int l = 0; l < s.joint.count; ++l) s.joint.summary[static_cast<std::size_t>(l)] = (own >> l & 1) != 0 ? 0 : 1;
  for (int symbol = s.first_symbol; symbol < s.first_symbol + s.symbols; ++symbol) {
    s.first_bit[symbol] = x.llrs;
    x.llrs += data_elements_before(s.comb[symbol], s.subcarriers) * s.layers * s.bits_per_symbol;
  }
}

bool is_sent(const DemapShape& s, int layer, int symbol) {
  return (s.present[static_cast<std::size_t>(symbol)] >> layer & 1) != 0;
}

void make_weights(DemapSlot& x, double noise) {
  const DemapShape& s = x.shape;
  Matrix r = reference::identity(static_cast<std::size_t>(s.antennas));
  for (Complex& value : r.values) value *= noise;
  for (int half = 0; half < kHalves; ++half) {
    const int centre = half == 0 ? s.first_symbol : s.first_symbol + s.symbols - 1;
    for (int group = 0; group < s.subcarriers / kGroupSubcarriers; ++group) {
      Matrix h(static_cast<std::size_t>(s.antennas), static_cast<std::size_t>(s.joint.count));
      for (int a = 0; a < s.antennas; ++a)
        for (int l = 0; l < s.joint.count; ++l)
          if (is_sent(s, l, centre)) h(a, l) = x.channel_at(a, l, centre, kGroupSubcarriers * group + 1);
      const auto beams = reference::receive_beams(h, r);
      for (int l = 0; l < s.layers; ++l) {
        const auto row = static_cast<std::size_t>(s.joint.first_own + l);
        x.sinr_of(half, l, group) = static_cast<float>(beams.sinr[row]);
        for (int a = 0; a < s.antennas; ++a) x.w(half, l, a, group) = narrow(beams.weights(row, a));
      }
    }
  }
}

DemapSlot fill_slot(const DemapCase& c, int before, int behind, double snr, unsigned seed) {
  DemapSlot x;
  lay_out(x, c, before, behind);
  const DemapShape& s = x.shape;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, std::sqrt(0.5));
  const auto gaussian = [&] { return Complex{normal(random), normal(random)}; };
  x.channel.resize(static_cast<std::size_t>(s.antennas * s.joint.count * kMaxBranches * s.channel_stride));
  x.grid.resize(static_cast<std::size_t>(s.antennas * kSymbolsPerSlot * s.grid_stride));
  x.weights.resize(static_cast<std::size_t>(kHalves * s.layers * s.antennas * s.group_stride));
  x.sinr.resize(static_cast<std::size_t>(kHalves * s.layers * s.group_stride));
  x.summary[0].branches = 1 + c.prbs % 2;
  x.summary[0].usable = true;
  for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
    x.summary[0].time_gain[symbol] = narrow(std::polar(1.0, 0.1 * symbol));
    x.summary[0].time_gain[kSymbolsPerSlot + symbol] = narrow(std::polar(0.05 * (symbol - 7), 0.1 * symbol));
  }
  x.summary.resize(2, x.summary[0]);
  for (cf32& gain : x.summary[1].time_gain) gain = narrow(reference::wide(gain) * Complex{0.3, 0.8});
  for (int a = 0; a < s.antennas; ++a) {
    for (int l = 0; l < s.joint.count; ++l) {
      const Complex near = gaussian(), far = gaussian(), change = gaussian();
      for (int k = 0; k < s.channel_stride; ++k) {
        x.h(a, l, 0, k) = narrow(near + far * std::polar(0.5, 0.05 * k));
        x.h(a, l, 1, k) = narrow(change);
      }
    }
  }
  make_weights(x, 1 / snr);
  const auto points = reference::constellation(s.bits_per_symbol);
  std::uniform_int_distribution<std::size_t> pick(0, points.size() - 1);
  for_each_data_element(s, [&](int symbol, int k, int) {
    std::vector<Complex> sent;
    for (int l = 0; l < s.joint.count; ++l)
      sent.push_back(is_sent(s, l, symbol) ? points[pick(random)].value : Complex{0, 0});
    for (int a = 0; a < s.antennas; ++a) {
      Complex y = gaussian() / std::sqrt(snr);
      for (int l = 0; l < s.joint.count; ++l) y += x.channel_at(a, l, symbol, k) * sent[static_cast<std::size_t>(l)];
      x.y(a, symbol, k) = narrow(y);
    }
  });
  x.scrambling.resize(static_cast<std::size_t>(x.llrs / 32 + 2));
  for (auto& word : x.scrambling) word = static_cast<std::uint32_t>(random());
  return x;
}

}  // namespace

DemapSlot random_slot(const DemapCase& c, double snr, unsigned seed) { return fill_slot(c, 0, 0, snr, seed); }

DemapSlot random_shared_slot(const DemapCase& c, double snr, unsigned seed) { return fill_slot(c, 1, 2, snr, seed); }

}  // namespace pado::tests
