// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/traffic.h"

#include <algorithm>
#include <cmath>

namespace pado::station {
namespace {

constexpr std::int64_t kFullBuffer = std::int64_t{1} << 40;

}  // namespace

Traffic::Traffic(const TrafficConfig& config) : config_(config), random_(config.seed, config.stream) {
  if (config_.kind == scheduler::TrafficClass::full_buffer) waiting_ = kFullBuffer;
}

void Traffic::arrive(std::int64_t slot) {
  if (config_.kind == scheduler::TrafficClass::full_buffer) return;
  const double mean_gap_s = 8 * config_.burst_bytes / config_.load_bps;
  if (next_s_ == 0) next_s_ = static_cast<double>(slot) * config_.slot_s - mean_gap_s * std::log(random_.uniform());
  while (next_s_ < static_cast<double>(slot + 1) * config_.slot_s) {
    const auto bytes = static_cast<std::int64_t>(std::ceil(-config_.burst_bytes * std::log(random_.uniform())));
    if (waiting_ < kRoomBytes) {
      bursts_.push_back({bytes, slot});
      waiting_ += bytes;
    } else {
      ++turned_away_;
    }
    next_s_ -= mean_gap_s * std::log(random_.uniform());
  }
}

Traffic::Taken Traffic::take(int most_bytes, std::int64_t slot) {
  if (config_.kind == scheduler::TrafficClass::full_buffer) return {most_bytes, slot};
  Taken taken{0, bursts_.empty() ? slot : bursts_.front().arrival_slot};
  while (taken.bytes < most_bytes && !bursts_.empty()) {
    Burst& oldest = bursts_.front();
    const auto bytes = static_cast<int>(std::min<std::int64_t>(oldest.bytes, most_bytes - taken.bytes));
    taken.bytes += bytes;
    oldest.bytes -= bytes;
    if (oldest.bytes == 0) bursts_.pop_front();
  }
  waiting_ -= taken.bytes;
  return taken;
}

}  // namespace pado::station
