// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "phy/nr/error.h"
#include "scheduler/learned/predictor.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// What passes the loader gives finite forecasts for ordinary reports, or says that it does not.
void check(const pado::scheduler::learned::PredictorWeights& weights) {
  using namespace pado::scheduler::learned;
  InputRows inputs{};
  for (auto& row : inputs) row.fill(3);
  const Predictor predictor(weights);
  Forecast forecast;
  if (!predictor.forecast(inputs, 10, 18, forecast)) return;
  std::array<float, pado::scheduler::kMaxRbgs> mean_db{}, sigma_db{};
  for (const int age : {-1, 0, 6, 1'000'000}) {
    require(std::isfinite(predictor.scaled_age(age)));
    forecast.at(predictor.scaled_age(age), 18, mean_db, sigma_db);
    for (int r = 0; r < 18; ++r) require(sigma_db[r] > 0 && std::isfinite(mean_db[r]));
  }
}

}  // namespace

/// The text of a weights file: an Error of one line is a right answer, everything that passes has to be usable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(pado::scheduler::learned::parse_predictor_weights({reinterpret_cast<const char*>(data), size}));
  } catch (const pado::Error& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
  return 0;
}
