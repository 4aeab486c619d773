// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "scheduler/simulator/fading.h"
#include "scheduler/simulator/scenario.h"

namespace pado::scheduler {

inline constexpr int kNeighbours = 2;

/// The truth about a simulated cell's radio, which depends on the scenario and the seed alone, never on a policy: any
/// user, any slot, past or future. Tests, training and the genie may ask; policies have nothing to ask with.
class CellChannel {
 public:
  CellChannel(const Scenario& scenario, std::uint64_t seed);

  /// By RBG, linear, after combining the antennas; slot from 0.
  void sinr(int user, std::int64_t slot, std::array<float, kMaxRbgs>& sinr) const;
  /// As the user would report it in that slot, dB, its bias included, without noise, delay, steps or limits.
  void reportable_db(int user, std::int64_t slot, std::array<float, kMaxRbgs>& sinr_db) const;
  /// What it does report of that slot: reportable_db with noise, in steps.
  void report_db(int user, std::int64_t slot, std::array<float, kMaxRbgs>& sinr_db) const;

  [[nodiscard]] double speed_kmh(int user) const { return users_[user].speed_kmh; }
  [[nodiscard]] double snr_db(int user) const { return users_[user].snr_db; }
  [[nodiscard]] const Fading& fading(int user) const { return users_[user].fading; }
  [[nodiscard]] int users() const { return static_cast<int>(users_.size()); }

 private:
  struct User {
    double speed_kmh, snr_db;
    float snr;  // linear
    float bias_db;
    std::array<float, 1 << kNeighbours> inverse_noise;  // 1 / (1 + INR), by which neighbours are on
    Fading fading;
  };
  void draw_neighbours();
  [[nodiscard]] User draw_user(int user) const;

  Scenario scenario_;
  std::uint64_t seed_;
  FrequencyResponse response_;
  std::vector<User> users_;
  std::vector<std::uint8_t> neighbours_;  // by slot, bit n: neighbour n is on; repeats after 32,768 slots
};

}  // namespace pado::scheduler
