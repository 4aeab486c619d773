// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pado::stream {

/// The members of one JSON object from outside. A member that is missing or of another kind throws Error, which says
/// where it stands, what is there and what should be. null counts as missing. Refers to the object: it has to live.
class JsonFields {
 public:
  /// where precedes each field's name in messages: "" or "dmrs ".
  JsonFields(const nlohmann::json& object, std::string where);

  [[nodiscard]] bool has(const char* field) const { return find(field) != nullptr; }
  [[nodiscard]] int integer(const char* field) const;
  [[nodiscard]] std::int64_t long_integer(const char* field) const;
  [[nodiscard]] double number(const char* field) const;  // finite
  [[nodiscard]] bool flag(const char* field) const;
  [[nodiscard]] std::string text(const char* field) const;
  [[nodiscard]] JsonFields object(const char* field) const;
  [[nodiscard]] std::vector<int> integers(const char* field) const;  // at most 2048
  [[nodiscard]] const nlohmann::json& member(const char* field) const;

  /// false, or anything else: fields like frequency_hopping, which are false or say how.
  [[nodiscard]] bool is_false(const char* field) const;
  [[noreturn]] void refuse(const char* field, const char* expected) const;

 private:
  [[nodiscard]] const nlohmann::json* find(const char* field) const;

  const nlohmann::json* object_;
  std::string where_;
};

/// A value as a message shows it: on one line, short, whatever it holds.
std::string shown(const nlohmann::json& value);

}  // namespace pado::stream
