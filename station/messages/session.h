// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/nr/mcs.h"
#include "scheduler/cell_state.h"
#include "station/messages/header.h"

namespace pado::station {

/// HELLO: the first message of a connection, from the users.
struct Hello {
  int users = 0;                                                        // 1 to kMaxUsers
  std::array<scheduler::TrafficClass, scheduler::kMaxUsers> traffic{};  // of each
  std::uint64_t payload_seed = 0;                                       // of the pattern in the payloads
  bool expects_carrier = false;  // the users were told which carrier to find; without it they take any
  nr::Carrier carrier;           // phase_compensation_hz does not count
};

/// CONFIG: the base station's answer, all that users have to know of the cell.
struct CellInfo {
  nr::Carrier carrier;
  double full_scale = 4096;     // 16-bit value of a sample of unit amplitude, see SlotSamples::scale
  std::int64_t first_slot = 0;  // of the session; slot 0 begins at sample time 0
  std::uint32_t stream_id = 0;  // of the packets with this session's samples
  int users = 0;
  int first_rnti = 0x4601;  // of user 0; user u has first_rnti + u
  int rbg_prbs = 4;
  int harq_processes = 8;
  int transmissions = 4;  // of a block at most
};

/// What became of a user's payloads, as one side saw it.
struct UserAccount {
  std::int64_t sent = 0;  // blocks that were begun: by the users, those that they built; by the base, those granted
  std::int64_t delivered = 0;
  std::int64_t lost = 0;
  std::int64_t corrupt = 0, duplicate = 0, out_of_order = 0;
  bool operator==(const UserAccount&) const = default;
};

/// END: no further slot; the account of each user. Sent by the base station, then by the users.
struct SessionEnd {
  int users = 0;
  std::array<UserAccount, scheduler::kMaxUsers> accounts{};
};

enum class ErrorReason : std::uint8_t {
  cell_disagrees,  // the users were told of another cell
  cell_busy,       // the cell has its users already
  too_many_users,
  bad_message,  // what came was no message that was due
  bad_grant,    // a grant that cannot be sent
  ended,        // the program is ending
};
inline constexpr int kErrorReasons = 6;
inline constexpr int kErrorTextLimit = 500;

/// ERROR: the sender closes the connection; why, in one printable line.
struct SessionError {
  ErrorReason reason = ErrorReason::ended;
  std::string text;
};

void encode(const Hello& message, std::vector<std::uint8_t>& out);
void encode(const CellInfo& message, std::vector<std::uint8_t>& out);
void encode(const SessionEnd& message, std::vector<std::uint8_t>& out);
void encode(const SessionError& message, std::vector<std::uint8_t>& out);  // the text is cut at its limit

/// body: what follows the header. Nothing of the message is to be used where the check is not ok.
MessageCheck decode(std::span<const std::uint8_t> body, Hello& message) noexcept;
MessageCheck decode(std::span<const std::uint8_t> body, CellInfo& message) noexcept;
MessageCheck decode(std::span<const std::uint8_t> body, SessionEnd& message) noexcept;
MessageCheck decode(std::span<const std::uint8_t> body, SessionError& message);

}  // namespace pado::station
