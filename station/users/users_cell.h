// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "kernels/complex.h"
#include "kernels/ofdm_modulate.h"
#include "phy/transmit_grid.h"
#include "station/messages/session.h"
#include "station/messages/slot_indication.h"
#include "station/messages/slot_request.h"
#include "station/users/emulated_user.h"
#include "station/users/users_config.h"

namespace pado::station {

/// All users of one cell, and the air between them and the antennas. The same configuration, cell and requests give the
/// same samples.
class UsersCell {
 public:
  /// Throws Error for a configuration out of range.
  UsersCell(const CellInfo& cell, const UsersConfig& config);
  UsersCell(const UsersCell&) = delete;
  UsersCell& operator=(const UsersCell&) = delete;

  /// Does what a request asks for. Something else than nothing comes back where it cannot be done: the session is over.
  std::optional<SessionError> run_slot(const SlotRequest& request, SlotIndication& indication);

  /// What the antennas received in the slot, [antenna][sample].
  [[nodiscard]] std::span<const ci16> samples() const { return samples_; }
  [[nodiscard]] SessionEnd account() const;
  [[nodiscard]] std::int64_t bursts_turned_away() const;
  [[nodiscard]] const EmulatedUser& user(int index) const { return users_[index]; }

 private:
  void modulate(std::int64_t slot);

  CellInfo cell_;
  std::uint64_t seed_;
  double noise_db_;
  std::deque<EmulatedUser> users_;
  TransmitGrid received_;
  OfdmModulator modulator_;
  std::vector<cf32> antenna_;
  std::vector<ci16> samples_;
  std::int64_t next_slot_;
};

}  // namespace pado::station
