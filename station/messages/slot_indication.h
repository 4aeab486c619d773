// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "scheduler/cell_state.h"
#include "station/messages/header.h"

namespace pado::station {

/// Sub-band quality goes over the line in steps of 2 dB: level 0 is -8 dB, level 17 is 26 dB.
inline constexpr int kCqiLevels = 18;
constexpr float cqi_db(int level) { return -8.0F + 2.0F * static_cast<float>(level); }
int cqi_level(double sinr_db);  // the nearest one; the ends take what lies beyond, and -8 dB a NaN

/// What one user tells beside its samples.
struct UserIndication {
  int user = 0;
  int buffer_level = 0;  // TS 38.321, table 6.1.3.1-1
  bool has_cqi = false;  // not in every slot
  std::int64_t measured_slot = 0;
  std::array<std::uint8_t, scheduler::kMaxRbgs> cqi_levels{};  // by RBG
  bool operator==(const UserIndication&) const = default;
};

/// SLOT.indication: the slot's samples have been sent, over UDP. One for each SLOT.request.
struct SlotIndication {
  std::int64_t slot = 0;
  int packets = 0;  // that carried them
  int rbgs = 0;     // of a CQI report
  int user_count = 0;
  std::array<UserIndication, scheduler::kMaxUsers> users{};

  [[nodiscard]] std::span<const UserIndication> indicated() const { return std::span(users).first(user_count); }
};

void encode(const SlotIndication& message, std::vector<std::uint8_t>& out);
/// A user that passes is named once, and its CQI was not measured later than the slot.
MessageCheck decode(std::span<const std::uint8_t> body, SlotIndication& message) noexcept;

}  // namespace pado::station
