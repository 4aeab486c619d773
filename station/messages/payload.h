// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace pado::station {

inline constexpr std::size_t kPayloadHeadBytes = 9;
inline constexpr std::size_t kPayloadNumberBytes = 3;  // the first of them
inline constexpr std::int64_t kPayloadNumbers = std::int64_t{1} << 24;
inline constexpr std::int64_t kArrivalSlots = std::int64_t{1} << 16;

/// What stands at the beginning of each transport block; docs/messages.md has the layout. A block that is too short for
/// all of it carries its first bytes.
struct PayloadHead {
  std::int64_t number = 0;  // of the block, counted by the user
  int user = 0;
  std::int64_t arrival_slot = 0;  // of the oldest data in it; written modulo kArrivalSlots
  int data_bytes = 0;             // behind the head; the rest are zeros
};

/// Fills a block of 3 bytes or more. data_bytes may not be more than the room behind the head.
void write_payload(const PayloadHead& head, std::uint64_t seed, std::span<std::uint8_t> block) noexcept;

/// Most data that a block of so many bytes carries.
constexpr int payload_room(int block_bytes) {
  return block_bytes > static_cast<int>(kPayloadHeadBytes) ? block_bytes - static_cast<int>(kPayloadHeadBytes) : 0;
}

/// Whether the block is, to the last bit, one of this user's. Which one is for the caller to judge: number, modulo
/// kPayloadNumbers, comes from the block, as do arrival_slot, modulo kArrivalSlots, and data_bytes (0 where it is too
/// short).
bool check_payload(std::span<const std::uint8_t> block, int user, std::uint64_t seed, PayloadHead& head) noexcept;

}  // namespace pado::station
