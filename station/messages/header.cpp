// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/header.h"

#include <array>

namespace pado::station {

std::string_view sentence(MessageStatus status) {
  static constexpr std::array<std::string_view, kMessageStatuses> kSentences{
      "is right",
      "ends before its last field",
      "goes on behind its last field",
      "is not one of Pado's messages",
      "has another version of the message set",
      "is of no known type",
      "is of another type than was due",
      "is longer than a message can be",
      "has a value that the field cannot have",
      "has a field that does not fit another one",
  };
  return kSentences[static_cast<std::size_t>(status)];
}

std::string MessageCheck::text() const {
  std::string result = "message " + std::string(sentence(status));
  if (*field != '\0') result += std::string(": ") + field;
  return result;
}

MessageCheck decode_header(std::span<const std::uint8_t> bytes, MessageHeader& header) noexcept {
  if (bytes.size() < kMessageHeaderBytes) return {MessageStatus::truncated};
  const auto little_endian = [&](std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
  };
  if (little_endian(0, 4) != kMessageMagic) return {MessageStatus::bad_magic};
  header.version = static_cast<int>(little_endian(4, 2));
  if (header.version != kMessageVersion) return {MessageStatus::foreign_version};
  const std::uint32_t type = little_endian(6, 2);
  if (type < static_cast<std::uint32_t>(MessageType::hello) || type > static_cast<std::uint32_t>(MessageType::error)) {
    return {MessageStatus::unknown_type};
  }
  header.type = static_cast<MessageType>(type);
  header.body_bytes = little_endian(8, 4);
  if (header.body_bytes > kMessageBodyLimit) return {MessageStatus::too_long};
  return {};
}

}  // namespace pado::station
