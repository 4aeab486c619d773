// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "phy/nr/grant.h"
#include "station/messages/session.h"
#include "station/users/users_config.h"
#include "stream/address.h"

namespace pado::station {

struct UsersOptions {
  stream::Address to = {};
  UsersConfig users = {};
  std::optional<nr::Carrier> expects = {};                // refuse a cell with another one
  double wait_s = 30;                                     // for a base station to be there
  double answer_patience_s = 30;                          // for one that is there to answer
  double lose = 0;                                        // share of the packets that are not sent
  std::function<void(const std::string&)> on_event = {};  // in one line
  const std::atomic<bool>* stop = nullptr;
};

enum class UsersOutcome : std::uint8_t {
  complete,     // the base station ended the session, both have given their account
  base_gone,    // the connection broke
  base_silent,  // no message in time
  refused,      // by ERROR
  bad_message,  // the base station sent what cannot be
  stopped,
};

/// What a session of `pado ue` came to.
struct UsersSummary {
  UsersOutcome outcome = UsersOutcome::complete;
  std::string trouble;  // where it is not complete
  CellInfo cell;
  std::int64_t slots = 0, bursts_turned_away = 0;
  SessionEnd account;
  std::optional<SessionEnd> base_account;
  /// Every payload that was sent is delivered or lost, as both ends say, and nothing else went wrong.
  [[nodiscard]] bool all_right() const;
};

/// The users of one cell, from connecting to the end. Throws Error where no base station is to be found in time, and
/// for a configuration out of range.
UsersSummary run_users(const UsersOptions& options);

}  // namespace pado::station
