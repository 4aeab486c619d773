// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/predictor.h"

#include <algorithm>
#include <cmath>

namespace pado::scheduler::learned {
namespace {

constexpr float kLowestSigmaDb = 0.3F, kHighestSigmaDb = 12.0F;
constexpr float kFarthestDb = 100;  // a coefficient beyond it is no channel's
constexpr float kLowestMeanDb = -30, kHighestMeanDb = 50;
constexpr float kLargestLogSigma = 20;

/// RBGs lie side by side, so that the inner loop is a vector's. All of a row is computed, used or not: a loop of known
/// length is more than twice as fast as one over multiples of eight.
template <bool rectified, std::size_t inputs, std::size_t outputs>
void apply(const Layer<inputs, outputs>& layer, const std::array<std::array<float, kMaxRbgs>, inputs>& in,
           std::array<std::array<float, kMaxRbgs>, outputs>& out) {
  for (std::size_t o = 0; o < outputs; ++o) {
    std::array<float, kMaxRbgs> sum;
    sum.fill(layer.biases[o]);
    for (std::size_t i = 0; i < inputs; ++i) {
      const float weight = layer.weights[o][i];
      for (int r = 0; r < kMaxRbgs; ++r) sum[r] += weight * in[i][r];
    }
    for (int r = 0; r < kMaxRbgs; ++r) out[o][r] = rectified ? std::max(sum[r], 0.0F) : sum[r];
  }
}

bool usable(const Forecast& forecast, int rbgs) {
  bool all = true;
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < rbgs; ++r) {  // a NaN fails both comparisons
      all =
          all && std::abs(forecast.mean[c][r]) <= kFarthestDb && std::abs(forecast.log_sigma[c][r]) <= kLargestLogSigma;
    }
  }
  return all;
}

}  // namespace

void Forecast::at(float age, int rbgs, std::array<float, kMaxRbgs>& mean_db,
                  std::array<float, kMaxRbgs>& sigma_db) const noexcept {
  for (int r = 0; r < rbgs; ++r) {
    const float value = mean[0][r] + age * (mean[1][r] + age * mean[2][r]);
    mean_db[r] = std::clamp(value, kLowestMeanDb, kHighestMeanDb);
    const float exponent = log_sigma[0][r] + age * (log_sigma[1][r] + age * log_sigma[2][r]);
    sigma_db[r] = std::clamp(std::exp(exponent), kLowestSigmaDb, kHighestSigmaDb);
  }
}

Predictor::Predictor(const PredictorWeights& weights) : weights_(weights) {
  for (int o = 0; o < kHidden; ++o) {
    double bias = weights.first.biases[o];
    for (int i = 0; i < kInputs; ++i) {
      const double weight = weights.first.weights[o][i] / double{weights.input_scale[i]};
      weights_.first.weights[o][i] = static_cast<float>(weight);
      bias -= weight * weights.input_mean[i];
    }
    weights_.first.biases[o] = static_cast<float>(bias);
  }
}

bool Predictor::forecast(const InputRows& inputs, float running_mean_db, int rbgs, Forecast& forecast) const noexcept {
  std::array<std::array<float, kMaxRbgs>, kHidden> first, second;
  std::array<std::array<float, kMaxRbgs>, kOutputs> last;
  apply<true>(weights_.first, inputs, first);
  apply<true>(weights_.second, first, second);
  apply<false>(weights_.last, second, last);
  for (int c = 0; c < 3; ++c) {
    for (int r = 0; r < rbgs; ++r) {
      forecast.mean[c][r] = last[c][r] + (c == 0 ? running_mean_db : 0);
      forecast.log_sigma[c][r] = last[3 + c][r];
    }
  }
  return usable(forecast, rbgs);
}

float Predictor::scaled_age(int age_slots) const noexcept {
  const AgeRange& age = weights_.age;
  return (std::clamp(static_cast<float>(age_slots), age.lowest, age.highest) - age.centre) / age.scale;
}

}  // namespace pado::scheduler::learned
