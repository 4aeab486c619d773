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
  Pattern(std::uint64_t seed, int user, std::int64_t number)
      : random_(seed, static_cast<std::uint64_t>(user) << 24 | static_cast<std::uint64_t>(number % kPayloadNumbers)) {}
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
  Pattern pattern(seed, head.user, head.number);
  for (std::uint8_t& byte : block.subspan(bytes.size(), head.data_bytes)) byte = pattern.next();
}

bool check_payload(std::span<const std::uint8_t> block, std::int64_t number, int user, std::uint64_t seed,
                   PayloadHead& head) noexcept {
  head = {.number = number, .user = user};
  const bool whole_head = block.size() >= kPayloadHeadBytes;
  if (whole_head) {
    head.arrival_slot = block[4] | block[5] << 8;
    head.data_bytes = block[6] | block[7] << 8 | block[8] << 16;
  }
  if (head.data_bytes > payload_room(static_cast<int>(block.size()))) return false;
  const HeadBytes bytes = head_bytes(head);
  const std::size_t compared = whole_head ? bytes.size() : std::min<std::size_t>(block.size(), 4);
  if (!std::equal(bytes.begin(), bytes.begin() + compared, block.begin())) return false;
  if (!whole_head) return true;
  Pattern pattern(seed, user, number);
  const auto rest = block.subspan(bytes.size());
  for (const std::uint8_t byte : rest.first(head.data_bytes)) {
    if (byte != pattern.next()) return false;
  }
  return std::ranges::all_of(rest.subspan(head.data_bytes), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace pado::station
