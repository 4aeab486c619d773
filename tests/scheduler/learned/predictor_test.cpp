// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/predictor.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace pado::scheduler;
using namespace pado::scheduler::learned;

namespace {

/// All weights zero: the forecast is the last layer's biases.
PredictorWeights constant(const std::array<float, kOutputs>& outputs) {
  PredictorWeights weights;
  weights.input_scale.fill(1);
  weights.last.biases = outputs;
  return weights;
}

}  // namespace

TEST_CASE("predictor: says what PyTorch says", "[scheduler][learned]") {
  std::ifstream file(PADO_SOURCE_DIR "/tests/scheduler/learned/predictor_examples.json");
  const auto examples = nlohmann::json::parse(file);
  const auto inputs = examples.at("inputs").get<std::vector<std::array<float, kInputs>>>();
  const auto outputs = examples.at("outputs").get<std::vector<std::array<float, kOutputs>>>();
  REQUIRE(inputs.size() >= 5);
  REQUIRE(inputs.size() == outputs.size());
  const int rbgs = static_cast<int>(inputs.size());
  InputRows rows{};
  for (int i = 0; i < kInputs; ++i) {
    for (int r = 0; r < rbgs; ++r) rows[i][r] = inputs[r][i];
  }
  Forecast forecast;
  REQUIRE(Predictor(shipped_predictor_weights()).forecast(rows, 0, rbgs, forecast));
  for (int r = 0; r < rbgs; ++r) {
    for (int c = 0; c < 3; ++c) {
      CHECK(forecast.mean[c][r] == Approx(outputs[r][c]).margin(1e-4));
      CHECK(forecast.log_sigma[c][r] == Approx(outputs[r][3 + c]).margin(1e-4));
    }
  }
}

TEST_CASE("predictor: the forecast is a quadratic in the age above the running mean", "[scheduler][learned]") {
  PredictorWeights weights = constant({1, -2, 0.5, 0.1F, 0.2F, 0});
  weights.age = {.centre = 6, .scale = 2, .lowest = 4, .highest = 8};
  const Predictor predictor(weights);
  Forecast forecast;
  REQUIRE(predictor.forecast(InputRows{}, 10, 3, forecast));
  std::array<float, kMaxRbgs> mean_db{}, sigma_db{};
  forecast.at(predictor.scaled_age(8), 3, mean_db, sigma_db);
  CHECK(mean_db[2] == Approx(10 + 1 - 2 + 0.5));
  CHECK(sigma_db[2] == Approx(std::exp(0.3)));
  CHECK(predictor.scaled_age(6) == 0);
  CHECK(predictor.scaled_age(100) == predictor.scaled_age(8));  // not trained: the oldest that was
  CHECK(predictor.scaled_age(-3) == predictor.scaled_age(4));
}

TEST_CASE("predictor: what is not finite or no channel is not used", "[scheduler][learned]") {
  const auto usable = [](const std::array<float, kOutputs>& outputs) {
    Forecast forecast;
    return Predictor(constant(outputs)).forecast(InputRows{}, 10, 5, forecast);
  };
  CHECK(usable({1, 1, 1, 1, 1, 1}));
  CHECK_FALSE(usable({std::numeric_limits<float>::quiet_NaN(), 1, 1, 1, 1, 1}));
  CHECK_FALSE(usable({1, 1, 1, 1, 1, std::numeric_limits<float>::infinity()}));
  CHECK_FALSE(usable({1000, 1, 1, 1, 1, 1}));
  CHECK_FALSE(usable({1, 1, 1, 1000, 1, 1}));
  PredictorWeights large = constant({});  // finite weights whose sums are not
  for (auto& row : large.first.weights) row.fill(1e6F);
  for (auto& row : large.second.weights) row.fill(1e30F);
  for (auto& row : large.last.weights) row.fill(1e30F);
  InputRows rows{};
  for (auto& row : rows) row.fill(1e3F);
  Forecast forecast;
  CHECK_FALSE(Predictor(large).forecast(rows, 0, 5, forecast));
}

TEST_CASE("predictor: an RBG's forecast does not depend on how many there are", "[scheduler][learned]") {
  const Predictor predictor(shipped_predictor_weights());
  InputRows rows{};
  for (int i = 0; i < kInputs; ++i) {
    for (int r = 0; r < kMaxRbgs; ++r) rows[i][r] = static_cast<float>((i * 7 + r * 3) % 11) - 5;
  }
  Forecast one, all;
  REQUIRE(predictor.forecast(rows, 12, 1, one));
  REQUIRE(predictor.forecast(rows, 12, kMaxRbgs, all));
  CHECK(one.mean[0][0] == all.mean[0][0]);
  CHECK(one.log_sigma[2][0] == all.log_sigma[2][0]);
}
