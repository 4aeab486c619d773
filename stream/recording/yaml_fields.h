// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace pado::stream {

/// The members of one YAML mapping from outside. A member that is missing, of another kind, unknown or given twice
/// throws Error "file:line: field: message".
class YamlFields {
 public:
  /// Throws where node is no mapping. where precedes field names in messages: "" or "dmrs.".
  YamlFields(const YAML::Node& node, std::string file, std::string where);

  [[nodiscard]] bool has(const std::string& field);
  [[nodiscard]] int integer(const std::string& field);
  [[nodiscard]] int integer_or(const std::string& field, int value) { return has(field) ? integer(field) : value; }
  [[nodiscard]] std::int64_t long_integer(const std::string& field);
  [[nodiscard]] double number(const std::string& field);  // finite
  [[nodiscard]] double number_or(const std::string& field, double value) { return has(field) ? number(field) : value; }
  [[nodiscard]] bool flag_or(const std::string& field, bool value);
  [[nodiscard]] std::string text(const std::string& field);
  [[nodiscard]] std::vector<int> integers(const std::string& field);  // at most 2048
  [[nodiscard]] YamlFields object(const std::string& field);
  [[nodiscard]] std::vector<YamlFields> objects(const std::string& field);  // a sequence of mappings

  /// Throws where the mapping has members that nobody has asked for.
  void refuse_unknown() const;
  /// Throws with the line of a field, or of the mapping where the field is missing.
  [[noreturn]] void refuse(const std::string& field, const std::string& message) const;
  /// "file:line: field", where the field stands.
  [[nodiscard]] std::string place(const std::string& field) const;
  [[nodiscard]] bool is_text(const std::string& field);
  [[nodiscard]] int line() const { return line_; }

 private:
  YAML::Node member(const std::string& field);

  YAML::Node node_;
  std::string file_, where_;
  int line_;
  std::set<std::string> asked_;
};

}  // namespace pado::stream
