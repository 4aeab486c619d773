// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/slot_indication.h"

#include <algorithm>
#include <cmath>

#include "station/messages/buffer_status.h"
#include "station/messages/fields.h"

namespace pado::station {
namespace {

constexpr std::int64_t kLastSlot = std::int64_t{1} << 40;
constexpr int kMostPackets = 1 << 20;

void fields(auto& io, auto& m) {
  io.template number<8>("slot", m.slot, 0, kLastSlot);
  io.template number<4>("packets", m.packets, 0, kMostPackets);
  io.template number<1>("rbgs", m.rbgs, 1, scheduler::kMaxRbgs);
  io.template number<1>("user_count", m.user_count, 0, scheduler::kMaxUsers);
  std::uint64_t named = 0;
  for (int i = 0; i < m.user_count; ++i) {
    auto& user = m.users[static_cast<std::size_t>(i)];
    io.template number<1>("user", user.user, 0, scheduler::kMaxUsers - 1);
    io.require((named >> user.user & 1) == 0, "user");
    named |= std::uint64_t{1} << user.user;
    io.template number<1>("buffer_level", user.buffer_level, 0, kBufferLevels - 1);
    io.template number<1>("has_cqi", user.has_cqi, 0, 1);
    if (!user.has_cqi) continue;
    io.template number<8>("measured_slot", user.measured_slot, 0, kLastSlot);
    io.require(user.measured_slot <= m.slot, "measured_slot");
    for (int rbg = 0; rbg < m.rbgs; ++rbg) {
      io.template number<1>("cqi_level", user.cqi_levels[static_cast<std::size_t>(rbg)], 0, kCqiLevels - 1);
    }
  }
}

}  // namespace

int cqi_level(double sinr_db) {
  if (!(sinr_db > -8)) return 0;
  return static_cast<int>(std::lround(std::min((sinr_db + 8) / 2, kCqiLevels - 1.0)));
}

void encode(const SlotIndication& message, std::vector<std::uint8_t>& out) {
  FieldWriter writer(MessageType::slot_indication, out);
  fields(writer, message);
  writer.finish();
}

MessageCheck decode(std::span<const std::uint8_t> body, SlotIndication& message) noexcept {
  message.user_count = 0;
  FieldReader reader(body);
  fields(reader, message);
  return reader.finish();
}

}  // namespace pado::station
