// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "scheduler/slot_scheduler.h"
#include "station/loop/base_cell.h"
#include "station/loop/inbox.h"
#include "station/loop/lobby.h"
#include "station/loop/sample_port.h"

namespace pado::station {

/// How a session ended.
enum class SessionOutcome : std::uint8_t {
  complete,       // all blocks had their end, and both ends gave their account
  users_gone,     // the connection broke
  users_silent,   // no answer in time
  users_refused,  // they sent ERROR
  bad_message,    // they sent what was not due
};
inline constexpr int kSessionOutcomes = 5;
std::string_view name(SessionOutcome outcome);

/// One user, over all sessions.
struct UserSummary {
  UserAccount account;           // as the base station counted
  std::int64_t unaccounted = 0;  // blocks that the two ends do not agree on
  std::int64_t cut_off = 0;      // begun, and without an end when a session broke
  std::int64_t delivered_bytes = 0;
  UserTotals totals;
  LatencyCounts latency;
};

/// What a run came to.
struct RunSummary {
  std::string policy;
  double slot_s = 500e-6;
  CellTotals cell;
  scheduler::SlotScheduler::Counters scheduler;
  std::int64_t unusable_forecasts = 0;  // of a policy that forecasts
  std::vector<UserSummary> users;
  int sessions = 0;
  std::array<int, kSessionOutcomes> outcomes{};
  std::string last_trouble;  // of the last session that did not end well
  SampleCounters samples;
  std::int64_t slots_with_gaps = 0, slots_without_samples = 0;
  LobbyCounters lobby;
  double wall_s = 0;  // while sessions went on

  [[nodiscard]] double cell_s() const { return static_cast<double>(cell.slots) * slot_s; }
  /// Every payload came once, whole and in order, or is known to be lost; no session broke, and there was one.
  [[nodiscard]] bool all_right() const;
};

/// Adds what a session came to. users: the other end's account; null where it gave none.
void add_session(const BaseCell& cell, SessionOutcome outcome, const SessionEnd* users, RunSummary& summary);

}  // namespace pado::station
