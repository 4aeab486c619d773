// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/simulator/fading.h"

#include <cmath>
#include <numbers>

#include "scheduler/simulator/luck.h"

namespace pado::scheduler {
namespace {

constexpr int kTurnBits = 11;  // 2,048 places on the circle, in 16 KiB: 56 dB below the signal
constexpr double kTurn = 4294967296.0;
constexpr double kLight_m_s = 299792458;

struct Circle {
  std::array<std::array<float, 2>, 1 << kTurnBits> at{};
  Circle() {
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double phase = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(at.size());
      at[i] = {static_cast<float>(std::cos(phase)), static_cast<float>(std::sin(phase))};
    }
  }
};

const Circle& circle() {
  static const Circle made;
  return made;
}

// In turns x 2^32, which wraps as phases do.
std::uint32_t as_phase(double turns) {
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::llround((turns - std::floor(turns)) * kTurn)));
}

}  // namespace

FrequencyResponse::FrequencyResponse(const Scenario& scenario) : rbgs(scenario.shape.rbgs()) {
  const double prb_hz = 12 * 15e3 * (1e-3 / scenario.shape.slot_s);  // subcarrier spacing by slot length
  std::array<double, kTaps> powers{};
  double sum = 0;
  for (int tap = 0; tap < kTaps; ++tap) {
    powers[tap] = std::exp(-tap * kTapSpacing_s / scenario.delay_spread_s);
    sum += powers[tap];
  }
  int first_prb = 0;
  for (int r = 0; r < rbgs; first_prb += scenario.shape.prbs_of(r), ++r) {
    const double frequency_hz = (first_prb + scenario.shape.prbs_of(r) / 2.0) * prb_hz;
    for (int tap = 0; tap < kTaps; ++tap) {
      const double amplitude = std::sqrt(powers[tap] / sum / kAntennas);
      const double phase = -2 * std::numbers::pi * frequency_hz * tap * kTapSpacing_s;
      re[tap][r] = static_cast<float>(amplitude * std::cos(phase));
      im[tap][r] = static_cast<float>(amplitude * std::sin(phase));
    }
  }
}

Fading::Fading(const Scenario& scenario, double speed_kmh, std::uint64_t seed, int user) {
  Luck luck(seed, Draw::fading, user);
  const double doppler_turns = speed_kmh / 3.6 * scenario.carrier_hz / kLight_m_s * scenario.shape.slot_s;
  for (auto& antenna : sinusoids_) {
    for (auto& tap : antenna) {
      for (int i = 0; i < kSinusoids; ++i) {
        const double angle = 2 * std::numbers::pi * (i + luck.uniform()) / kSinusoids;
        tap[i] = {as_phase(luck.uniform()), as_phase(doppler_turns * std::cos(angle))};
      }
    }
  }
}

std::array<float, 2> Fading::tap(int antenna, int tap, std::int64_t slot) const {
  const auto time = static_cast<std::uint32_t>(slot);
  const auto& table = circle().at;
  float re = 0, im = 0;
  for (const Sinusoid& s : sinusoids_[antenna][tap]) {
    const auto& point = table[(s.start + s.per_slot * time) >> (32 - kTurnBits)];
    re += point[0];
    im += point[1];
  }
  const float scale = 1 / std::sqrt(static_cast<float>(kSinusoids));
  return {re * scale, im * scale};
}

void Fading::power(const FrequencyResponse& response, std::int64_t slot, std::array<float, kMaxRbgs>& power) const {
  power.fill(0);
  const int rbgs = (response.rbgs + 3) / 4 * 4;
  for (int antenna = 0; antenna < kAntennas; ++antenna) {
    std::array<float, kMaxRbgs> re{}, im{};
    for (int l = 0; l < kTaps; ++l) {
      const auto [a, b] = tap(antenna, l, slot);
      for (int r = 0; r < rbgs; ++r) {
        re[r] += a * response.re[l][r] - b * response.im[l][r];
        im[r] += a * response.im[l][r] + b * response.re[l][r];
      }
    }
    for (int r = 0; r < rbgs; ++r) power[r] += re[r] * re[r] + im[r] * im[r];
  }
}

}  // namespace pado::scheduler
