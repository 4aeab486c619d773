// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "kernels/complex.h"
#include "phy/nr/grant.h"
#include "phy/propagation/fading_channel.h"
#include "phy/propagation/random_stream.h"
#include "station/messages/slot_indication.h"

namespace pado::station {

struct QualityConfig {
  int period_slots = 5;
  int offset_slots = 0;  // users measure in turn
  int delay_slots = 4;   // from the measurement to the indication that carries it
  double error_db = 1;   // standard deviation of what a measurement is wrong by
  double noise_db = 0;   // energy of the noise in a resource element
  int rbg_prbs = 4;
  std::uint64_t seed = 1, stream = 0;
};

/// Sub-band quality as one user measures it on its own fading: the signal-to-noise ratio of an RBG behind maximum ratio
/// combining of the antennas, mean over its subcarriers; with an error, quantised, and late.
class QualityMeter {
 public:
  QualityMeter(const nr::Carrier& carrier, const QualityConfig& config);

  [[nodiscard]] bool measures_in(std::int64_t slot) const {
    return (slot + config_.offset_slots) % config_.period_slots == 0;
  }
  /// fading: set to the slot.
  void measure(std::int64_t slot, propagation::FadingChannel& fading);

  /// Puts the report into the indication of the slot where one is due.
  void report(std::int64_t slot, UserIndication& indication);

  /// The last measurement without error and steps, by RBG, in dB: for tests.
  [[nodiscard]] const std::vector<double>& truth_db() const { return truth_db_; }

 private:
  struct Measured {
    std::int64_t slot = 0;
    std::array<std::uint8_t, scheduler::kMaxRbgs> levels{};
  };
  QualityConfig config_;
  int antennas_, subcarriers_;
  propagation::RandomStream random_;
  std::vector<cf32> channel_;
  std::vector<double> power_, truth_db_;  // [subcarrier], [rbg]
  std::deque<Measured> waiting_;
};

}  // namespace pado::station
