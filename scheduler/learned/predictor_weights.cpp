// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/predictor_weights.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>
#include <utility>

#include "phy/nr/error.h"
#include "scheduler/learned/shipped_predictor.h"

namespace pado::scheduler::learned {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "pado predictor weights";
constexpr float kLargest = 1e6F;  // beyond it a sum of a layer might leave a float's range
constexpr std::size_t kLargestFile = 4U << 20;

json parse_json(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw Error(fmt::format("not JSON: byte {} cannot stand there", error.byte));
  } catch (const json::exception&) {
    throw Error("not JSON: a number in it is too large");
  }
}

const json& member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Error(fmt::format("{} is missing", name));
  return *found;
}

void check_array(const json& value, const std::string& name, std::size_t size) {
  if (!value.is_array()) throw Error(fmt::format("{} is not an array of {}", name, size));
  if (value.size() != size) throw Error(fmt::format("{} has {} elements, not {}", name, value.size(), size));
}

float number(const json& value, const std::string& name) {
  // Writers put NaN and infinity into JSON as null or as text.
  if (!value.is_number()) throw Error(fmt::format("{} is not a finite number", name));
  const double number = value.get<double>();
  if (!(std::abs(number) <= kLargest)) throw Error(fmt::format("{} is beyond +-{:g}", name, kLargest));
  return static_cast<float>(number);
}

void read_row(const json& value, const std::string& name, std::span<float> row) {
  check_array(value, name, row.size());
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = number(value[i], fmt::format("{}[{}]", name, i));
}

template <std::size_t inputs, std::size_t outputs>
void read_layer(const json& layers, std::size_t index, Layer<inputs, outputs>& layer) {
  const std::string name = fmt::format("layers[{}]", index);
  const json& value = layers[index];
  if (!value.is_object()) throw Error(fmt::format("{} is not an object with weights and biases", name));
  const std::string of_weights = name + ".weights";
  if (!value.contains("weights")) throw Error(of_weights + " is missing");
  if (!value.contains("biases")) throw Error(name + ".biases is missing");
  const json& weights = value["weights"];
  check_array(weights, of_weights, outputs);
  for (std::size_t i = 0; i < outputs; ++i)
    read_row(weights[i], fmt::format("{}[{}]", of_weights, i), layer.weights[i]);
  read_row(value["biases"], name + ".biases", layer.biases);
}

void check_head(const json& root) {
  if (!root.is_object()) throw Error("not a weights file: not a JSON object");
  const json& format = member(root, "format");
  if (format != kFormat) throw Error(fmt::format("not a weights file: format is not \"{}\"", kFormat));
  const json& version = member(root, "version");
  if (!version.is_number_integer() || version != kWeightsVersion) {
    throw Error(fmt::format("version is not {}, the only one that this program reads", kWeightsVersion));
  }
}

void check_inputs(const json& root) {
  const json& inputs = member(root, "inputs");
  check_array(inputs, "inputs", kInputs);
  for (int i = 0; i < kInputs; ++i) {
    if (inputs[i] != std::string(kInputNames[i])) {
      throw Error(fmt::format("inputs[{}] is not \"{}\": made for other inputs", i, kInputNames[i]));
    }
  }
}

AgeRange read_age(const json& root) {
  const json& age = member(root, "age_slots");
  if (!age.is_object()) throw Error("age_slots is not an object");
  AgeRange range;
  for (const auto& [name, value] : {std::pair{"centre", &range.centre},
                                    {"scale", &range.scale},
                                    {"lowest", &range.lowest},
                                    {"highest", &range.highest}}) {
    if (!age.contains(name)) throw Error(fmt::format("age_slots.{} is missing", name));
    *value = number(age[name], fmt::format("age_slots.{}", name));
  }
  if (!(range.scale >= 0.5F)) throw Error("age_slots.scale is below 0.5");
  if (!(0 <= range.lowest && range.lowest <= range.centre && range.centre <= range.highest && range.highest <= 40)) {
    throw Error("age_slots: 0, lowest, centre, highest and 40 do not ascend");
  }
  return range;
}

}  // namespace

PredictorWeights parse_predictor_weights(std::string_view text) {
  const json root = parse_json(text);
  check_head(root);
  check_inputs(root);
  PredictorWeights weights;
  read_row(member(root, "input_mean"), "input_mean", weights.input_mean);
  read_row(member(root, "input_scale"), "input_scale", weights.input_scale);
  for (int i = 0; i < kInputs; ++i) {
    if (!(weights.input_scale[i] >= 1e-3F)) throw Error(fmt::format("input_scale[{}] is below 0.001", i));
  }
  const json& layers = member(root, "layers");
  check_array(layers, "layers", 3);
  read_layer(layers, 0, weights.first);
  read_layer(layers, 1, weights.second);
  read_layer(layers, 2, weights.last);
  weights.age = read_age(root);
  const json& trained_on = member(root, "trained_on");
  if (!trained_on.is_string()) throw Error("trained_on is not a text");
  weights.trained_on = trained_on.get<std::string>();
  return weights;
}

PredictorWeights load_predictor_weights(const std::string& path) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);  // fails for a folder too
  std::ifstream file(path, std::ios::binary);
  if (failure || !file) throw Error(fmt::format("{}: cannot be read; a file that train.py made is expected", path));
  if (size > kLargestFile) throw Error(fmt::format("{}: too large for a weights file", path));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return parse_predictor_weights(text);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", path, error.what()));
  }
}

const PredictorWeights& shipped_predictor_weights() {
  static const PredictorWeights weights = [] {
    try {
      return parse_predictor_weights(kShippedPredictor);
    } catch (const Error& error) {
      throw Error(fmt::format("scheduler/learned/predictor.json: {}", error.what()));
    }
  }();
  return weights;
}

}  // namespace pado::scheduler::learned
