// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "phy/propagation/fading_channel.h"
#include "scheduler/cell_state.h"
#include "station/messages/session.h"
#include "station/messages/slot_indication.h"
#include "station/messages/slot_request.h"
#include "station/users/quality_meter.h"
#include "station/users/traffic.h"
#include "station/users/users_config.h"

namespace pado::station {

/// One user: what it wants to send, its HARQ processes, its fading and what it measures of it.
class EmulatedUser {
 public:
  /// noise_db: energy of the antennas' noise in a resource element, where the strongest user's mean is 0 dB.
  EmulatedUser(const CellInfo& cell, const UsersConfig& config, int user, double noise_db);

  /// Empty, or why the feedback cannot be.
  [[nodiscard]] std::string take_feedback(const BlockFeedback& feedback);

  /// The slot begins: data arrive, the fading goes on.
  void begin_slot(std::int64_t slot);

  /// Adds what the user sends to what the antennas receive. slot: as counted by the cell. Empty, or why the grant
  /// cannot be: then nothing is sent.
  [[nodiscard]] std::string transmit(const UplinkGrant& grant, std::int64_t slot, TransmitGrid& received);

  void indicate(std::int64_t slot, UserIndication& indication);

  [[nodiscard]] const UserAccount& account() const { return account_; }
  [[nodiscard]] std::int64_t bursts_turned_away() const { return traffic_.turned_away(); }
  [[nodiscard]] const QualityMeter& meter() const { return meter_; }

 private:
  struct Process {
    bool active = false;             // its block waits for feedback or for another transmission
    bool used = false, ndi = false;  // NDI of the last grant, where there was one
    std::int64_t sent_slot = 0;
    int block = 0;
    std::vector<std::uint8_t> payload;
  };
  void begin_block(const UplinkGrant& grant, std::int64_t slot, Process& process);

  const CellInfo& cell_;
  int user_;
  std::uint64_t payload_seed_;
  propagation::FadingChannel fading_;
  QualityMeter meter_;
  Traffic traffic_;
  std::array<Process, scheduler::kMaxHarqProcesses> processes_;
  UserAccount account_;
};

}  // namespace pado::station
