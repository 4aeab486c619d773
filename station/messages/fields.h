// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <span>
#include <vector>

#include "station/messages/header.h"

namespace pado::station {

/// One list of fields describes a message; written by the one, read and checked by the other of these two.
class FieldWriter {
 public:
  static constexpr bool kReads = false;

  /// Begins a message in `out`, which is cleared.
  FieldWriter(MessageType type, std::vector<std::uint8_t>& out) : out_(out) {
    out_.clear();
    put(kMessageMagic, 4);
    put(static_cast<std::uint64_t>(kMessageVersion), 2);
    put(static_cast<std::uint64_t>(type), 2);
    put(0, 4);
  }
  /// Writes the length into the header.
  void finish() {
    const std::size_t body = out_.size() - kMessageHeaderBytes;
    for (std::size_t i = 0; i < 4; ++i) out_[8 + i] = static_cast<std::uint8_t>(body >> (8 * i));
  }

  /// A whole number of so many bytes, which must lie from low to high.
  template <int bytes, class T>
  void number(const char* /*field*/, const T& value, [[maybe_unused]] std::int64_t low,
              [[maybe_unused]] std::int64_t high) {
    [[maybe_unused]] const auto wide = static_cast<std::int64_t>(value);
    assert(wide >= low && wide <= high);
    put(static_cast<std::uint64_t>(value), bytes);
  }
  void word(const std::uint64_t& value) { put(value, 8); }
  void real(const char* /*field*/, const double& value, double /*low*/, double /*high*/) {
    put(std::bit_cast<std::uint64_t>(value), 8);
  }
  void require([[maybe_unused]] bool fits, const char* /*field*/) { assert(fits); }

 private:
  void put(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  std::vector<std::uint8_t>& out_;
};

/// Never leaves the body; the first problem stays.
class FieldReader {
 public:
  static constexpr bool kReads = true;

  explicit FieldReader(std::span<const std::uint8_t> body) : rest_(body) {}

  template <int bytes, class T>
  void number(const char* field, T& value, std::int64_t low, std::int64_t high) {
    static_assert(bytes >= 1 && bytes <= 8);
    std::uint64_t got = take(bytes);
    auto wide = static_cast<std::int64_t>(got);
    if (check_.ok() && (wide < low || wide > high)) check_ = {MessageStatus::out_of_range, field};
    if (!check_.ok()) wide = low;
    value = static_cast<T>(wide);
  }
  void word(std::uint64_t& value) { value = take(8); }
  void real(const char* field, double& value, double low, double high) {
    value = std::bit_cast<double>(take(8));
    if (check_.ok() && !(value >= low && value <= high)) check_ = {MessageStatus::out_of_range, field};
    if (!check_.ok()) value = low;
  }
  void require(bool fits, const char* field) {
    if (check_.ok() && !fits) check_ = {MessageStatus::contradiction, field};
  }

  /// Behind the last field.
  [[nodiscard]] MessageCheck finish() const {
    if (check_.ok() && !rest_.empty()) return {MessageStatus::trailing_bytes};
    return check_;
  }

 private:
  std::uint64_t take(std::size_t bytes) {
    if (rest_.size() < bytes) {
      if (check_.ok()) check_ = {MessageStatus::truncated};
      rest_ = {};
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8 | rest_[i];
    rest_ = rest_.subspan(bytes);
    return value;
  }
  std::span<const std::uint8_t> rest_;
  MessageCheck check_;
};

}  // namespace pado::station
