// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pado::station {

/// Every message between base station and users begins with this header, little-endian (docs/messages.md).
inline constexpr std::uint32_t kMessageMagic = 0x4f444150;  // "PADO"
inline constexpr int kMessageVersion = 1;
inline constexpr std::size_t kMessageHeaderBytes = 12;
inline constexpr std::size_t kMessageBodyLimit = 16384;

enum class MessageType : std::uint16_t {
  hello = 1,            // users to base: who we are
  config = 2,           // base to users: the cell
  slot_request = 3,     // base to users: grants and HARQ feedback
  slot_indication = 4,  // users to base: the slot's samples are sent; buffer status, CQI
  end = 5,              // both ways: the account of the session
  error = 6,            // both ways: why the connection is about to be closed
};

enum class MessageStatus : std::uint8_t {
  ok,
  truncated,        // the body ends before its last field
  trailing_bytes,   // the body goes on behind its last field
  bad_magic,        // not one of our messages
  foreign_version,  // one of ours, of another version
  unknown_type,
  unexpected_type,  // known, but not the one that was read
  too_long,         // longer than any message
  out_of_range,     // a field has a value that it cannot have
  contradiction,    // a field does not fit another one
};
inline constexpr int kMessageStatuses = 10;
std::string_view sentence(MessageStatus status);

/// What was found wrong, and in which field; the field is empty where there is none to name.
struct MessageCheck {
  MessageStatus status = MessageStatus::ok;
  const char* field = "";
  [[nodiscard]] bool ok() const { return status == MessageStatus::ok; }
  [[nodiscard]] std::string text() const;
};

struct MessageHeader {
  int version = 0;
  MessageType type = MessageType::error;
  std::size_t body_bytes = 0;
};

/// bytes: the first kMessageHeaderBytes of a message, or fewer (truncated).
MessageCheck decode_header(std::span<const std::uint8_t> bytes, MessageHeader& header) noexcept;

}  // namespace pado::station
