// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace pado::scheduler {

/// What a draw is for, so that no two draws share a key.
enum class Draw : std::uint64_t { place = 1, fading, neighbours, report_noise, decoding, traffic, scenario };

/// SplitMix64's last steps: all bits of the result depend on all of the argument's.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The coin of a place in the run, not of the order of calls: every policy sees the same luck.
constexpr std::uint64_t coin(std::uint64_t seed, Draw draw, std::uint64_t slot, std::uint64_t user) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  return mix(mix(mix(mix(seed + kStep) + static_cast<std::uint64_t>(draw) * kStep) + slot * kStep) + user * kStep);
}

/// 0 to 1, below 1.
constexpr double uniform(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

/// A normal variable of unit variance by the top twelve bits, from a table of quantiles; at most 3.7.
float normal(std::uint64_t bits);

/// A sequence, for what is drawn once at the start in a fixed order.
class Luck {
 public:
  Luck(std::uint64_t seed, Draw draw, std::uint64_t user) : state_(coin(seed, draw, 0, user)) {}
  std::uint64_t bits() { return mix(state_ += 0x9e3779b97f4a7c15); }
  double uniform() { return scheduler::uniform(bits()); }
  double normal();
  double exponential(double mean);

 private:
  std::uint64_t state_;
};

}  // namespace pado::scheduler
