// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/link/link_abstraction.h"

#include <algorithm>

namespace pado::scheduler {
namespace {

constexpr float kContinuousStepDb = 0.125F;
constexpr int kContinuousSteps = static_cast<int>((kGreatestSinrDb - kLeastSinrDb) / kContinuousStepDb);

// About the linear SINR in the middle of a modulation's MCSs, as fits of EESM to link simulations give them.
constexpr std::array<float, kModulations> kBeta{1.7F, 5.2F, 19.0F, 85.0F};
constexpr std::array<float, kModulations> kInverseBeta{1 / kBeta[0], 1 / kBeta[1], 1 / kBeta[2], 1 / kBeta[3]};
constexpr float kLeastExponential = 1e-30F;  // keeps the logarithm finite: SINR_eff is at most 69 beta

float threshold_of(float efficiency) {
  return 10.0F * std::log10(std::exp2(efficiency) - 1.0F) + 0.5F + 0.2F * efficiency;
}

class NormalTable {
 public:
  NormalTable() {
    for (int i = 0; i < kSize; ++i)
      values_[i] = static_cast<float>(0.5 * std::erfc(-(i / kPerUnit - kEnd) / std::sqrt(2.0)));
  }
  [[nodiscard]] float at(float x) const {
    const float place = (std::clamp(x, -static_cast<float>(kEnd), static_cast<float>(kEnd)) + kEnd) * kPerUnit;
    const int i = std::min(static_cast<int>(place), kSize - 2);
    return values_[i] + (place - i) * (values_[i + 1] - values_[i]);
  }

 private:
  static constexpr int kEnd = 6;
  static constexpr float kPerUnit = 64;
  static constexpr int kSize = 2 * kEnd * 64 + 1;
  std::array<float, kSize> values_{};
};

}  // namespace

float normal_cdf(float x) {
  static const NormalTable table;
  return table.at(x);
}

LinkTable::LinkTable(nr::McsTable table) {
  for (int index = 0; const auto mcs = nr::mcs(table, index); ++index) {
    const int bits = nr::bits_per_symbol(mcs->modulation);
    const auto efficiency = static_cast<float>(bits * mcs->code_rate_x1024 / 1024);
    rows_.push_back({efficiency, threshold_of(efficiency), bits / 2 - 1});
  }
  const float greatest = std::max_element(rows_.begin(), rows_.end(), [](auto& a, auto& b) {
                           return a.efficiency < b.efficiency;
                         })->efficiency;
  const Row& least = rows_.front();
  for (int step = 0; step <= kContinuousSteps; ++step) {
    const float sinr = kLeastSinrDb + static_cast<float>(step) * kContinuousStepDb;
    float low = least.efficiency, high = greatest;
    for (int i = 0; i < 30; ++i) {
      const float middle = (low + high) / 2;
      (threshold_of(middle) <= sinr ? low : high) = middle;
    }
    // Below the lowest MCS retransmissions still carry something.
    const float below = std::clamp(1 - (least.threshold_db - sinr) / 10, 0.02F, 1.0F);
    continuous_.push_back(sinr < least.threshold_db ? least.efficiency * below : low);
  }
}

float LinkTable::bler(int mcs, float sinr_db, float sigma_db) const {
  const float width = sigma_db == 0 ? kBlerWidthDb : std::hypot(kBlerWidthDb, sigma_db);
  return normal_cdf((rows_[mcs].threshold_db - sinr_db) / width);
}

float LinkTable::goodput(int mcs, float sinr_db, float sigma_db, int transmissions) const {
  const float inverse_width = 1 / std::hypot(kBlerWidthDb, sigma_db);
  float lost = 1, sent = 0;  // after j transmissions; expected number of transmissions
  for (int j = 1; j <= transmissions; ++j) {
    sent += lost;
    const float gain = 11.0F * std::log10(static_cast<float>(j));
    lost *= normal_cdf((rows_[mcs].threshold_db - sinr_db - gain) * inverse_width);
  }
  return rows_[mcs].efficiency * (1 - lost) / sent;
}

float LinkTable::continuous_efficiency(float sinr_db) const {
  const float place = (std::clamp(sinr_db, kLeastSinrDb, kGreatestSinrDb) - kLeastSinrDb) / kContinuousStepDb;
  return continuous_[static_cast<int>(place)];
}

int LinkTable::highest_mcs(const std::array<float, kModulations>& sinr_db) const {
  int best = 0;
  for (int mcs = 1; mcs < mcs_count(); ++mcs) {
    const Row& row = rows_[mcs];
    if (sinr_db[row.modulation] >= row.threshold_db && row.efficiency > rows_[best].efficiency) best = mcs;
  }
  return best;
}

void EffectiveSinr::add(float sinr_linear, int prbs) {
  for (int m = 0; m < kModulations; ++m) sums_[m] += prbs * std::exp(-sinr_linear * kInverseBeta[m]);
  prbs_ += prbs;
}

void EffectiveSinr::add(float sinr_linear, int prbs, int modulation) {
  sums_[modulation] += prbs * std::exp(-sinr_linear * kInverseBeta[modulation]);
  prbs_ += prbs;
}

float EffectiveSinr::linear(int modulation) const {
  if (prbs_ == 0) return 0;
  return -kBeta[modulation] * std::log(std::max(sums_[modulation] / prbs_, kLeastExponential));
}

GoodputTable::GoodputTable(const LinkTable& link, int transmissions) : goodput_(kMeans * kSigmas) {
  for (int s = 0; s < kSigmas; ++s) {
    for (int i = 0; i < kMeans; ++i) {
      float& best = goodput_[s * kMeans + i];
      for (int mcs = 0; mcs < link.mcs_count(); ++mcs) {
        best = std::max(best, link.goodput(mcs, kLeastSinrDb + i * kStepDb, s * kSigmaStepDb, transmissions));
      }
    }
  }
}

float GoodputTable::operator()(float mean_db, float sigma_db) const {
  const float x = (std::clamp(mean_db, kLeastSinrDb, kGreatestSinrDb) - kLeastSinrDb) / kStepDb;
  const float y = std::clamp(sigma_db, 0.0F, kGreatestSigmaDb) / kSigmaStepDb;
  const int i = std::min(static_cast<int>(x), kMeans - 2), s = std::min(static_cast<int>(y), kSigmas - 2);
  const float* row = &goodput_[s * kMeans + i];
  const float low = row[0] + (x - i) * (row[1] - row[0]);
  const float high = row[kMeans] + (x - i) * (row[kMeans + 1] - row[kMeans]);
  return low + (y - s) * (high - low);
}

}  // namespace pado::scheduler
