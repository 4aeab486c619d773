// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>

namespace pado::stream {

/// Which of an antenna's last packets have come, by their 32-bit sequence numbers, which wrap.
class SequenceWindow {
 public:
  static constexpr std::uint32_t kPackets = 4096;         // how far back it remembers
  static constexpr std::int64_t kFarthestJump = 1 << 16;  // farther away is another sender's number, or nonsense

  enum class Verdict : std::uint8_t { next, ahead, behind, seen, too_old, far_away };

  /// What `sequence` would be; changes nothing.
  [[nodiscard]] Verdict look(std::uint32_t sequence) const noexcept {
    if (!started_) return Verdict::next;
    const std::int64_t step = distance(sequence);
    if (step == 0) return Verdict::next;
    if (step > 0) return step <= kFarthestJump ? Verdict::ahead : Verdict::far_away;
    if (-step > kFarthestJump) return Verdict::far_away;
    if (-step > static_cast<std::int64_t>(kPackets)) return Verdict::too_old;
    return seen_[sequence % kPackets] ? Verdict::seen : Verdict::behind;
  }

  /// Notes a packet that look did not call far_away; returns by how much the number of lost packets grows, -1 where one
  /// that was missing has come.
  std::int64_t take(std::uint32_t sequence) noexcept {
    if (!started_) {
      started_ = true;
      next_ = sequence;
      heard_ = 0;
    }
    const std::int64_t step = distance(sequence);
    if (step < 0) {
      if (-step > static_cast<std::int64_t>(kPackets) || seen_[sequence % kPackets]) return 0;
      seen_[sequence % kPackets] = true;
      return -step <= heard_ ? -1 : 0;  // those before the first that came were never missed
    }
    if (step >= static_cast<std::int64_t>(kPackets)) {
      seen_.reset();
    } else {
      for (std::int64_t i = 0; i < step; ++i) seen_[(next_ + static_cast<std::uint32_t>(i)) % kPackets] = false;
    }
    seen_[sequence % kPackets] = true;
    next_ = sequence + 1;
    heard_ += step + 1;
    return step;
  }

 private:
  [[nodiscard]] std::int64_t distance(std::uint32_t sequence) const noexcept {
    return static_cast<std::int32_t>(sequence - next_);
  }

  bool started_ = false;
  std::uint32_t next_ = 0;
  std::int64_t heard_ = 0;  // packets from the first that came up to next_
  std::bitset<kPackets> seen_;
};

}  // namespace pado::stream
