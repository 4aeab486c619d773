// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/payload.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "phy/propagation/random_stream.h"

namespace pado::station {
namespace {

/// The bytes that follow the head of one block.
class Pattern {
 public:
  Pattern(std::uint64_t seed, const PayloadHead& head)
      : random_(seed, static_cast<std::uint64_t>(head.user) << 40 |
                          static_cast<std::uint64_t>(head.number % kPayloadNumbers) << 16 |
                          static_cast<std::uint64_t>(head.arrival_slot % kArrivalSlots)) {}
  std::uint8_t next() {
    if (left_ == 0) {
      bits_ = random_.bits();
      left_ = 8;
    }
    const auto byte = static_cast<std::uint8_t>(bits_);
    bits_ >>= 8;
    --left_;
    return byte;
  }

 private:
  propagation::RandomStream random_;
  std::uint64_t bits_ = 0;
  int left_ = 0;
};

using HeadBytes = std::array<std::uint8_t, kPayloadHeadBytes>;

HeadBytes head_bytes(const PayloadHead& head) {
  HeadBytes bytes{};
  const auto put = [&](std::size_t at, int count, std::int64_t value) {
    for (int i = 0; i < count; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  put(0, 3, head.number);
  put(3, 1, head.user);
  put(4, 2, head.arrival_slot);
  put(6, 3, head.data_bytes);
  return bytes;
}

}  // namespace

void write_payload(const PayloadHead& head, std::uint64_t seed, std::span<std::uint8_t> block) noexcept {
  assert(head.data_bytes <= payload_room(static_cast<int>(block.size())));
  const HeadBytes bytes = head_bytes(head);
  std::ranges::fill(block, std::uint8_t{0});
  std::copy_n(bytes.begin(), std::min(bytes.size(), block.size()), block.begin());
  if (block.size() <= bytes.size()) return;
  Pattern pattern(seed, head);
  for (std::uint8_t& byte : block.subspan(bytes.size(), head.data_bytes)) byte = pattern.next();
}

bool check_payload(std::span<const std::uint8_t> block, int user, std::uint64_t seed, PayloadHead& head) noexcept {
  head = {.user = user};
  if (block.size() < kPayloadNumberBytes) return false;
  head.number = block[0] | block[1] << 8 | block[2] << 16;
  if (block.size() > kPayloadNumberBytes && block[3] != user) return false;
  if (block.size() < kPayloadHeadBytes) return true;
  head.arrival_slot = block[4] | block[5] << 8;
  const int data_bytes = block[6] | block[7] << 8 | block[8] << 16;
  if (data_bytes > payload_room(static_cast<int>(block.size()))) return false;
  head.data_bytes = data_bytes;
  Pattern pattern(seed, head);
  const auto rest = block.subspan(kPayloadHeadBytes);
  for (const std::uint8_t byte : rest.first(data_bytes)) {
    if (byte != pattern.next()) return false;
  }
  return std::ranges::all_of(rest.subspan(data_bytes), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace pado::station
