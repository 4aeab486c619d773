// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/predictor_weights.h"

#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>

#include "phy/nr/error.h"
#include "scheduler/learned/shipped_predictor.h"
#include "tests/catch.h"

using namespace pado::scheduler::learned;
using nlohmann::json;

namespace {

constexpr const char* kShippedFile = PADO_SOURCE_DIR "/scheduler/learned/predictor.json";

std::string refusal(const std::string& text) {
  try {
    parse_predictor_weights(text);
  } catch (const pado::Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("weights: the shipped file is what the program carries", "[scheduler][learned]") {
  std::ifstream file(kShippedFile, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text == kShippedPredictor);
  const PredictorWeights from_file = load_predictor_weights(kShippedFile);
  CHECK(from_file.first.weights == shipped_predictor_weights().first.weights);
  CHECK(from_file.last.biases == shipped_predictor_weights().last.biases);
  CHECK(from_file.trained_on.find("seed") != std::string::npos);
}

TEST_CASE("weights: what is wrong with a file is said in one line", "[scheduler][learned]") {
  const json good = json::parse(kShippedPredictor);
  REQUIRE(refusal(good.dump()) == "accepted");
  struct Row {
    std::function<void(json&)> change;
    const char* message;
  };
  const std::vector<Row> rows{
      {[](json& f) { f = json::array(); }, "not a weights file: not a JSON object"},
      {[](json& f) { f.erase("format"); }, "format is missing"},
      {[](json& f) { f["format"] = "other"; }, "not a weights file: format is not \"pado predictor weights\""},
      {[](json& f) { f.erase("version"); }, "version is missing"},
      {[](json& f) { f["version"] = 2; }, "version is not 1, the only one that this program reads"},
      {[](json& f) { f["version"] = "1"; }, "version is not 1, the only one that this program reads"},
      {[](json& f) { f.erase("inputs"); }, "inputs is missing"},
      {[](json& f) { f["inputs"].erase(3); }, "inputs has 21 elements, not 22"},
      {[](json& f) { f["inputs"][3] = "rain"; }, "inputs[3] is not \"report 3\": made for other inputs"},
      {[](json& f) { f["input_mean"] = 1; }, "input_mean is not an array of 22"},
      {[](json& f) { f["input_mean"][21] = nullptr; }, "input_mean[21] is not a finite number"},
      {[](json& f) { f["input_scale"][0] = 0; }, "input_scale[0] is below 0.001"},
      {[](json& f) { f["input_scale"].push_back(1); }, "input_scale has 23 elements, not 22"},
      {[](json& f) { f.erase("layers"); }, "layers is missing"},
      {[](json& f) { f["layers"].erase(1); }, "layers has 2 elements, not 3"},
      {[](json& f) { f["layers"][1] = 7; }, "layers[1] is not an object with weights and biases"},
      {[](json& f) { f["layers"][1].erase("biases"); }, "layers[1].biases is missing"},
      {[](json& f) { f["layers"][1]["weights"].erase(0); }, "layers[1].weights has 23 elements, not 24"},
      {[](json& f) { f["layers"][0]["weights"][5].erase(0); }, "layers[0].weights[5] has 21 elements, not 22"},
      {[](json& f) { f["layers"][0]["weights"][5][2] = "NaN"; }, "layers[0].weights[5][2] is not a finite number"},
      {[](json& f) { f["layers"][2]["biases"][4] = 1e300; }, "layers[2].biases[4] is beyond +-1e+06"},
      {[](json& f) { f.erase("age_slots"); }, "age_slots is missing"},
      {[](json& f) { f["age_slots"].erase("scale"); }, "age_slots.scale is missing"},
      {[](json& f) { f["age_slots"]["scale"] = 0; }, "age_slots.scale is below 0.5"},
      {[](json& f) { f["age_slots"]["lowest"] = 20; }, "age_slots: 0, lowest, centre, highest and 40 do not ascend"},
      {[](json& f) { f.erase("trained_on"); }, "trained_on is missing"},
      {[](json& f) { f["trained_on"] = 3; }, "trained_on is not a text"},
  };
  for (const Row& row : rows) {
    json changed = good;
    row.change(changed);
    CHECK(refusal(changed.dump()) == row.message);
  }
}

TEST_CASE("weights: what is not JSON is refused", "[scheduler][learned]") {
  CHECK(refusal("") == "not JSON: byte 1 cannot stand there");
  CHECK(refusal("{\"version\": NaN}") == "not JSON: byte 13 cannot stand there");
  CHECK(refusal("{\"version\": 1e999}") == "not JSON: a number in it is too large");
  CHECK(refusal(std::string(kShippedPredictor.substr(0, 5000))).starts_with("not JSON: byte "));
}

TEST_CASE("weights: a file that is not there is named", "[scheduler][learned]") {
  CHECK_THROWS_WITH(load_predictor_weights("no/such.json"), ContainsSubstring("no/such.json: cannot be read"));
  CHECK_THROWS_WITH(load_predictor_weights(PADO_SOURCE_DIR), ContainsSubstring("cannot be read"));
  CHECK_THROWS_WITH(load_predictor_weights(PADO_SOURCE_DIR "/README.md"), ContainsSubstring("README.md: not JSON"));
}
