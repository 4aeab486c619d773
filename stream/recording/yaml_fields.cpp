// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/yaml_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "phy/nr/error.h"

namespace pado::stream {
namespace {

constexpr std::size_t kMaxElements = 2048;

/// A scalar as a message shows it: one line, short, printable.
std::string shown(const YAML::Node& node) {
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a mapping";
  if (!node.IsScalar()) return "nothing";
  std::string text;
  for (const char c : node.Scalar().substr(0, 40)) text += c >= ' ' && c <= '~' ? c : '?';
  return fmt::format("'{}'", text);
}

// The whole scalar has to be the number: yaml-cpp's own conversion also takes hexadecimal, octal and infinity.
template <class Number>
bool parse(const YAML::Node& node, Number& value) {
  if (!node.IsScalar()) return false;
  const std::string& text = node.Scalar();
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

YamlFields::YamlFields(const YAML::Node& node, std::string file, std::string where)
    : node_(node), file_(std::move(file)), where_(std::move(where)), line_(std::max(node.Mark().line + 1, 1)) {
  if (!node.IsMap()) {
    const std::string what = where_.empty() ? "the file" : where_.substr(0, where_.size() - 1);
    throw Error(fmt::format("{}:{}: {}: {} is not a mapping of keys to values", file_, line_, what, shown(node)));
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (!seen.insert(key).second) {
      throw Error(
          fmt::format("{}:{}: {}{}: given twice", file_, entry.first.Mark().line + 1, where_, shown(entry.first)));
    }
  }
}

bool YamlFields::has(const std::string& field) {
  asked_.insert(field);
  const YAML::Node found = static_cast<const YAML::Node&>(node_)[field];
  return found.IsDefined() && !found.IsNull();
}

YAML::Node YamlFields::member(const std::string& field) {
  if (!has(field)) refuse(field, "missing");
  return static_cast<const YAML::Node&>(node_)[field];
}

std::string YamlFields::place(const std::string& field) const {
  const YAML::Node found = node_[field];
  return fmt::format("{}:{}: {}{}", file_, found.IsDefined() ? found.Mark().line + 1 : line_, where_, field);
}

void YamlFields::refuse(const std::string& field, const std::string& message) const {
  throw Error(fmt::format("{}: {}", place(field), message));
}

bool YamlFields::is_text(const std::string& field) { return has(field) && member(field).IsScalar(); }

void YamlFields::refuse_unknown() const {
  for (const auto& entry : node_) {
    if (entry.first.IsScalar() && asked_.contains(entry.first.Scalar())) continue;
    throw Error(fmt::format("{}:{}: {}{}: unknown key, known are {}", file_, entry.first.Mark().line + 1, where_,
                            shown(entry.first), fmt::join(asked_, ", ")));
  }
}

int YamlFields::integer(const std::string& field) {
  int value = 0;
  const YAML::Node node = member(field);
  if (!parse(node, value)) refuse(field, shown(node) + " is not an integer");
  return value;
}

std::int64_t YamlFields::long_integer(const std::string& field) {
  std::int64_t value = 0;
  const YAML::Node node = member(field);
  if (!parse(node, value)) refuse(field, shown(node) + " is not an integer");
  return value;
}

double YamlFields::number(const std::string& field) {
  double value = 0;
  const YAML::Node node = member(field);
  if (!parse(node, value) || !std::isfinite(value)) refuse(field, shown(node) + " is not a finite number");
  return value;
}

bool YamlFields::flag_or(const std::string& field, bool value) {
  if (!has(field)) return value;
  const YAML::Node node = member(field);
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (node.IsScalar() && node.Scalar() == "false") return false;
  refuse(field, shown(node) + " is not true or false");
}

std::string YamlFields::text(const std::string& field) {
  const YAML::Node node = member(field);
  if (!node.IsScalar()) refuse(field, shown(node) + " is not text");
  return node.Scalar();
}

std::vector<int> YamlFields::integers(const std::string& field) {
  const YAML::Node node = member(field);
  if (!node.IsSequence() || node.size() > kMaxElements) refuse(field, shown(node) + " is not a list of integers");
  std::vector<int> values;
  for (const auto& element : node) {
    if (!parse(element, values.emplace_back())) refuse(field, shown(element) + " is not an integer");
  }
  return values;
}

YamlFields YamlFields::object(const std::string& field) { return {member(field), file_, where_ + field + "."}; }

std::vector<YamlFields> YamlFields::objects(const std::string& field) {
  const YAML::Node node = member(field);
  if (!node.IsSequence() || node.size() > kMaxElements) {
    refuse(field, fmt::format("{} is not a list of at most {} entries", shown(node), kMaxElements));
  }
  std::vector<YamlFields> entries;
  for (const auto& element : node) {
    entries.emplace_back(element, file_, fmt::format("{}[{}].", where_ + field, entries.size()));
  }
  return entries;
}

}  // namespace pado::stream
