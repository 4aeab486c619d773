// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/simulator/cell_channel.h"

#include <algorithm>
#include <cmath>

#include "scheduler/link/link_abstraction.h"
#include "scheduler/simulator/luck.h"

namespace pado::scheduler {
namespace {

constexpr std::size_t kNeighbourSlots = 32768;

double speed_of(const Scenario& scenario, int user, double share) {
  const double slowest = scenario.speeds_kmh[user % scenario.speeds_kmh.size()];
  if (scenario.fastest_kmh <= 0) return slowest;
  return scenario.speeds_kmh[0] * std::pow(scenario.fastest_kmh / scenario.speeds_kmh[0], share);
}

}  // namespace

CellChannel::CellChannel(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario), seed_(seed), response_(scenario) {
  users_.reserve(scenario.users);
  for (int user = 0; user < scenario.users; ++user) users_.push_back(draw_user(user));
  draw_neighbours();
}

CellChannel::User CellChannel::draw_user(int user) const {
  Luck luck(seed_, Draw::place, user);
  const double snr_db = std::clamp(scenario_.snr_mean_db + scenario_.snr_sigma_db * luck.normal(),
                                   scenario_.snr_least_db, scenario_.snr_greatest_db);
  const auto bias_db = static_cast<float>(scenario_.report_bias_db * luck.normal());
  const double speed_kmh = speed_of(scenario_, user, luck.uniform());
  std::array<double, kNeighbours> inr{};
  for (double& one : inr) one = std::pow(10, (scenario_.inr_mean_db + scenario_.inr_sigma_db * luck.normal()) / 10);
  User made{speed_kmh, snr_db, from_db(static_cast<float>(snr_db)),
            bias_db,   {},     Fading(scenario_, speed_kmh, seed_, user)};
  for (unsigned on = 0; on < made.inverse_noise.size(); ++on) {
    double noise = 1;
    for (int n = 0; n < kNeighbours; ++n) noise += (on >> n & 1U) != 0 ? inr[n] : 0;
    made.inverse_noise[on] = static_cast<float>(1 / noise);
  }
  return made;
}

void CellChannel::draw_neighbours() {
  neighbours_.assign(kNeighbourSlots, 0);
  for (int n = 0; n < kNeighbours; ++n) {
    Luck luck(seed_, Draw::neighbours, n);
    bool on = luck.uniform() < 0.5;
    double until = luck.exponential(scenario_.neighbour_slots);
    for (std::size_t slot = 0; slot < kNeighbourSlots; ++slot) {
      while (until <= static_cast<double>(slot)) {
        until += luck.exponential(scenario_.neighbour_slots);
        on = !on;
      }
      neighbours_[slot] |= static_cast<std::uint8_t>(on ? 1U << n : 0);
    }
  }
}

void CellChannel::sinr(int user, std::int64_t slot, std::array<float, kMaxRbgs>& sinr) const {
  const User& u = users_[user];
  u.fading.power(response_, slot, sinr);
  const float scale = u.snr * u.inverse_noise[neighbours_[static_cast<std::size_t>(slot) % kNeighbourSlots]];
  for (float& s : sinr) s *= scale;
}

void CellChannel::reportable_db(int user, std::int64_t slot, std::array<float, kMaxRbgs>& sinr_db) const {
  sinr(user, slot, sinr_db);
  for (int r = 0; r < response_.rbgs; ++r) sinr_db[r] = to_db(std::max(sinr_db[r], 1e-6F)) + users_[user].bias_db;
}

void CellChannel::report_db(int user, std::int64_t slot, std::array<float, kMaxRbgs>& sinr_db) const {
  reportable_db(user, slot, sinr_db);
  const auto noise_db = static_cast<float>(scenario_.report_noise_db),
             step = static_cast<float>(scenario_.report_step_db);
  const auto least = static_cast<float>(scenario_.report_least_db),
             most = static_cast<float>(scenario_.report_greatest_db);
  std::uint64_t bits = coin(seed_, Draw::report_noise, slot, user);
  for (int r = 0; r < response_.rbgs; ++r) {
    const float noisy = sinr_db[r] + noise_db * normal(bits);
    bits = mix(bits);
    sinr_db[r] = std::clamp(std::round(noisy / step) * step, least, most);
  }
}

}  // namespace pado::scheduler
