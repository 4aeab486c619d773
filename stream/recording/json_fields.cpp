// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/json_fields.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "phy/nr/error.h"

namespace pado::stream {
namespace {

using nlohmann::json;

constexpr std::size_t kShownCharacters = 40;
constexpr std::size_t kMaxIntegers = 2048;

/// An integer, also where it was written as 7680.0. Integers beyond int64 do not count.
std::optional<std::int64_t> whole(const json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const double number = value.get<double>();
  if (!(std::abs(number) < 9007199254740992.0) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<int> small(const json& value) {
  const auto number = whole(value);
  if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

}  // namespace

std::string shown(const json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > kShownCharacters) return shown(text.substr(0, kShownCharacters)) + "...";
  }
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

JsonFields::JsonFields(const json& object, std::string where) : object_(&object), where_(std::move(where)) {}

const json* JsonFields::find(const char* field) const {
  const auto found = object_->find(field);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const json& JsonFields::member(const char* field) const {
  const json* found = find(field);
  if (found == nullptr) throw Error(fmt::format("{}{} is missing", where_, field));
  return *found;
}

void JsonFields::refuse(const char* field, const char* expected) const {
  throw Error(fmt::format("{}{} {} is not {}", where_, field, shown(member(field)), expected));
}

int JsonFields::integer(const char* field) const {
  const auto number = small(member(field));
  if (!number) refuse(field, "an integer of 32 bits");
  return *number;
}

std::int64_t JsonFields::long_integer(const char* field) const {
  const auto number = whole(member(field));
  if (!number) refuse(field, "an integer of 64 bits");
  return *number;
}

double JsonFields::number(const char* field) const {
  const json& value = member(field);
  if (!value.is_number() || !std::isfinite(value.get<double>())) refuse(field, "a finite number");
  return value.get<double>();
}

bool JsonFields::flag(const char* field) const {
  const json& value = member(field);
  if (!value.is_boolean()) refuse(field, "true or false");
  return value.get<bool>();
}

std::string JsonFields::text(const char* field) const {
  const json& value = member(field);
  if (!value.is_string()) refuse(field, "text");
  return value.get<std::string>();
}

JsonFields JsonFields::object(const char* field) const {
  const json& value = member(field);
  if (!value.is_object()) refuse(field, "an object");
  return {value, where_ + field + " "};
}

std::vector<int> JsonFields::integers(const char* field) const {
  const json& value = member(field);
  if (!value.is_array() || value.size() > kMaxIntegers) refuse(field, "an array of integers");
  std::vector<int> numbers;
  for (const json& element : value) {
    const auto number = small(element);
    if (!number) refuse(field, "an array of integers");
    numbers.push_back(*number);
  }
  return numbers;
}

bool JsonFields::is_false(const char* field) const {
  const json& value = member(field);
  return value.is_boolean() && !value.get<bool>();
}

}  // namespace pado::stream
