// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstring>
#include <numbers>
#include <vector>

#include "phy/nr/numerology.h"
#include "phy/ofdm_shape.h"
#include "phy/propagation/awgn.h"
#include "phy/propagation/flat_channel.h"
#include "phy/propagation/gains.h"
#include "phy/propagation/random_stream.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::propagation;

namespace {

constexpr double kTurn = 2 * std::numbers::pi;

nr::Carrier small_carrier() {
  return {.scs_hz = 30000, .carrier_prb = 11, .fft_size = 256, .phase_compensation_hz = 3.5e9, .antennas = 2};
}

TransmitGrid random_grid(int layers, const nr::Carrier& carrier) {
  TransmitGrid grid(layers, carrier);
  RandomStream random(5, 0);
  for (auto& x : grid.elements)
    x = {static_cast<float>(random.uniform() - 0.5), static_cast<float>(random.uniform() - 0.5)};
  return grid;
}

std::complex<double> wide(cf32 x) { return {x.re, x.im}; }

bool same_bytes(const std::vector<cf32>& a, const std::vector<cf32>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(cf32)) == 0;
}

}  // namespace

TEST_CASE("noise: has the energy asked for, is circular, and is the same again for the same seed",
          "[phy][propagation]") {
  std::vector<cf32> noise(200000), again(noise.size()), other(noise.size());
  add_awgn(0.25, 7, 3, noise);
  add_awgn(0.25, 7, 3, again);
  add_awgn(0.25, 7, 4, other);
  double energy = 0, fourth = 0;
  std::complex<double> mean = 0, square = 0, cross = 0, neighbour = 0;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    const auto x = wide(noise[i]);
    energy += std::norm(x);
    fourth += std::norm(x) * std::norm(x);
    mean += x;
    square += x * x;
    cross += x * std::conj(wide(other[i]));
    neighbour += i == 0 ? 0 : x * std::conj(wide(noise[i - 1]));
  }
  const auto count = static_cast<double>(noise.size());
  CHECK(energy / count == Approx(0.25).epsilon(0.01));
  CHECK(fourth / count == Approx(2 * 0.0625).epsilon(0.03));  // Gaussian: E|x|^4 = 2 (E|x|^2)^2
  for (const auto sum : {square, cross, neighbour}) CHECK(std::abs(sum) / count < 0.25 * 0.01);
  CHECK(std::abs(mean) / count < 0.5 * 0.01);
  CHECK(same_bytes(noise, again));
}

TEST_CASE("noise: a random stream is this very sequence on every platform", "[phy][propagation]") {
  RandomStream random(1, 2);
  const std::uint64_t first = random.bits();
  CHECK(RandomStream(1, 2).bits() == first);
  CHECK(RandomStream(2, 1).bits() != first);
  CHECK(first == 0xd2f6d0470be1a7b1);
}

TEST_CASE("gains: without fading have unit size and orthogonal layers", "[phy][propagation]") {
  const Gains gains = phase_gains(4, 2, 1, 0);
  std::complex<double> product = 0;
  for (int antenna = 0; antenna < 4; ++antenna) {
    CHECK(std::abs(gains.at(antenna, 0)) == Approx(1));
    product += std::conj(gains.at(antenna, 0)) * gains.at(antenna, 1);
  }
  CHECK(std::abs(product) < 1e-12);
  CHECK(condition_number(gains) == Approx(1));
}

TEST_CASE("gains: Rayleigh fading has unit mean energy and keeps its condition limit", "[phy][propagation]") {
  double energy = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    for (const auto gain : rayleigh_gains(2, 2, seed, 0).values) energy += std::norm(gain) / 2000;
    CHECK(condition_number(rayleigh_gains(2, 2, seed, 0, 4)) <= 4);
  }
  CHECK(energy == Approx(1).epsilon(0.08));
  CHECK(condition_number({2, 2, {1.0, 0.0, 0.0, 0.5}}) == Approx(2));
  CHECK(condition_number({3, 3, {1.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0, 0.5}}) == Approx(4));
  CHECK(condition_number(phase_gains(4, 4, 1, 0)) == Approx(1));
  CHECK(std::isinf(condition_number({2, 2, {1.0, 1.0, 2.0, 2.0}})));
  CHECK(condition_number(rayleigh_gains(4, 4, 1, 0, 1.5)) < 3);  // as good as it gets
}

TEST_CASE("flat channel: windows side by side give the samples of one large window", "[phy][propagation]") {
  const auto carrier = small_carrier();
  const auto grid = random_grid(1, carrier);
  const FlatPath path{.gains = phase_gains(1, 1, 1, 0), .gain_db = -3, .delay_s = 0.4e-6, .cfo_hz = 700};
  FlatChannel channel(carrier);
  std::vector<cf32> whole(4000), parts(4000);
  channel.add_slot(path, grid, 1, {-10, 100, 4000}, whole);
  channel.add_slot(path, grid, 1, {-10, 100, 1500}, std::span(parts).first(1500));
  channel.add_slot(path, grid, 1, {1490, 1600, 2500}, std::span(parts).subspan(1500));
  CHECK(same_bytes(whole, parts));
}

TEST_CASE("flat channel: gain, delay and CFO act as written", "[phy][propagation]") {
  const auto carrier = small_carrier();
  const double rate_hz = carrier.scs_hz * carrier.fft_size;
  const auto grid = random_grid(1, carrier);
  const Gains one{1, 1, {1.0}};
  const int delay = 5;
  const FlatPath plain{.gains = one};
  const FlatPath path{
      .gains = {2, 1, {{0.0, 1.0}, {0.5, 0.0}}}, .gain_db = 6.0206, .delay_s = delay / rate_hz, .cfo_hz = -1234};
  const int samples = 3000;
  std::vector<cf32> sent(samples), received(2 * samples);
  FlatChannel channel(carrier);
  channel.add_slot(plain, grid, 3, {0, 0, samples}, sent);
  channel.add_slot(path, grid, 3, {0, 777, samples}, received);
  for (int n = delay; n < samples; n += 7) {
    const auto turned = 2.0 * wide(sent[n - delay]) * std::polar(1.0, -kTurn * 1234 * (777 + n) / rate_hz);
    CHECK(std::abs(wide(received[n]) - std::complex<double>(0, 1) * turned) < 1e-4);
    CHECK(std::abs(wide(received[samples + n]) - 0.5 * turned) < 1e-4);
  }
}

TEST_CASE("flat channel: a fraction of a sample turns the subcarriers and nothing else", "[phy][propagation]") {
  auto carrier = small_carrier();
  carrier.phase_compensation_hz = 0;
  const double rate_hz = carrier.scs_hz * carrier.fft_size, delay_samples = 2.3;
  TransmitGrid grid(1, carrier);
  const int bin = 40, symbol = 6;
  grid.row(0, symbol)[grid.subcarriers / 2 + bin] = {1, 0};
  FlatChannel channel(carrier);
  const auto timing = nr::slot_timing(carrier.scs_hz, carrier.fft_size, 0);
  std::vector<cf32> received(timing.samples);
  channel.add_slot({.gains = {1, 1, {1.0}}, .delay_s = delay_samples / rate_hz}, grid, 0, {0, 0, timing.samples},
                   received);
  for (int n = 0; n < carrier.fft_size; ++n) {
    const auto x = wide(received[timing.symbol_start[symbol] + n]);
    const auto expected =
        std::polar(1 / std::sqrt(carrier.fft_size), kTurn * bin * (n - delay_samples) / carrier.fft_size);
    CHECK(std::abs(x - expected) < 1e-6);
  }
}
