// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/goodput_mcs.h"

#include <cmath>
#include <random>

#include "tests/catch.h"

using namespace pado::scheduler;
using namespace pado::scheduler::learned;

namespace {

constexpr CellShape kShape{.prbs = 272, .rbg_prbs = 16};
const LinkTable& link() {
  static const LinkTable table(kShape.mcs_table);
  return table;
}

SinrForecast flat(float mean_db, float sigma_db) {
  SinrForecast forecast;
  forecast.mean_db.fill(mean_db);
  forecast.sigma_db.fill(sigma_db);
  return forecast;
}

McsChoice choose(const SinrForecast& forecast, RbgMask rbgs, float bias_db = 0, float common_share = 0.5F) {
  return choose_mcs(link(), kShape, rbgs, forecast, bias_db, common_share);
}

double log_probability(double sinr_db, double threshold_db, double sigma_db, bool acknowledged) {
  const double z = (sinr_db - threshold_db) / std::hypot(double{kBlerWidthDb}, sigma_db);
  return std::log(0.5 * std::erfc((acknowledged ? -z : z) / std::sqrt(2.0)));
}

}  // namespace

TEST_CASE("goodput MCS: a SINR that is known is its own effective SINR", "[scheduler][learned]") {
  for (const float sinr_db : {-5.0F, 3.0F, 12.0F, 20.0F}) {
    const McsChoice choice = choose(flat(sinr_db, 0), 0xff);
    CHECK(choice.sinr_db == Approx(sinr_db).margin(0.01));
    CHECK(choice.sigma_db == 0);
    CHECK(link().threshold_db(choice.mcs) < sinr_db + 4);
  }
}

TEST_CASE("goodput MCS: of all MCSs the one with the greatest goodput", "[scheduler][learned]") {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> mean_db(-10, 30), sigma_db(0, 6);
  for (int i = 0; i < 200; ++i) {
    const McsChoice choice = choose(flat(mean_db(random), sigma_db(random)), 0xf, 0, 1);  // all common: a flat SINR
    const float got = link().goodput(choice.mcs, choice.sinr_db, choice.sigma_db, kShape.transmissions);
    for (int mcs = 0; mcs < link().mcs_count(); ++mcs) {
      CHECK(link().goodput(mcs, choice.sinr_db, choice.sigma_db, kShape.transmissions) <= got + 1e-3F);
    }
  }
}

TEST_CASE("goodput MCS: doubt that RBGs do not share lowers the effective SINR, and averages out",
          "[scheduler][learned]") {
  const McsChoice known = choose(flat(15, 0), 0xff), doubtful = choose(flat(15, 4), 0xff);
  CHECK(doubtful.sinr_db < known.sinr_db - 0.3F);
  CHECK(doubtful.sigma_db == Approx(4 * std::sqrt(0.5 + 0.5 / 8)));
  CHECK(doubtful.mcs < known.mcs);
  const McsChoice one = choose(flat(15, 4), 1);  // nothing to average over, no dip beside another
  CHECK(one.sinr_db == Approx(15).margin(0.01));
  CHECK(one.sigma_db == Approx(4));
}

TEST_CASE("goodput MCS: the bias moves the effective SINR by as much where RBGs are alike", "[scheduler][learned]") {
  CHECK(choose(flat(10, 0), 0xf, -3).sinr_db == Approx(7).margin(0.01));
  CHECK(choose(flat(10, 2), 0xf, 4).mcs > choose(flat(10, 2), 0xf, 0).mcs);
}

TEST_CASE("bias: its step is the slope of the log likelihood of what happened", "[scheduler][learned]") {
  for (const float margin_db : {-3.0F, -0.5F, 0.0F, 0.7F, 2.5F}) {
    for (const float sigma_db : {0.5F, 2.0F}) {
      for (const bool acknowledged : {true, false}) {
        const Feedback feedback{
            .acknowledged = acknowledged, .predicted_sinr_db = 12 + margin_db, .sigma_db = sigma_db};
        const double h = 1e-4;
        const double slope = (log_probability(12 + margin_db + h, 12, sigma_db, acknowledged) -
                              log_probability(12 + margin_db - h, 12, sigma_db, acknowledged)) /
                             (2 * h);
        INFO(margin_db << " " << sigma_db << " " << acknowledged);
        CHECK(bias_slope(12, feedback) == Approx(std::clamp(slope, -5.0, 5.0)).epsilon(0.02).margin(2e-3));
      }
    }
  }
}

TEST_CASE("bias: the most surprising outcome gives a finite step", "[scheduler][learned]") {
  const Feedback nack{.acknowledged = false, .predicted_sinr_db = 60, .sigma_db = 0};
  const Feedback ack{.acknowledged = true, .predicted_sinr_db = -60, .sigma_db = 0};
  CHECK(bias_slope(0, nack) == -5);
  CHECK(bias_slope(0, ack) == 5);
}
