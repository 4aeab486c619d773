// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "phy/nr/mcs.h"

namespace pado::scheduler {

inline constexpr int kModulations = 4;         // QPSK, 16QAM, 64QAM, 256QAM
inline constexpr float kBlerWidthDb = 0.4F;    // standard deviation of the SINR at which a block is lost
inline constexpr float kLeastSinrDb = -20.0F;  // of tables over the SINR
inline constexpr float kGreatestSinrDb = 45.0F;

inline float to_db(float linear) { return 10.0F * std::log10(linear); }
inline float from_db(float db) { return std::pow(10.0F, 0.1F * db); }

/// What the soft combining of so many transmissions gains over the sum of their SINRs: parity bits that are new.
inline float combining_gain_db(int transmissions) { return std::log10(static_cast<float>(transmissions)); }

/// What an MCS needs: T(m) = 10 lg(2^SE - 1) + 0.5 + 0.2 SE dB is the effective SINR at which half of the blocks are
/// lost, and BLER = Phi((T - SINR) / 0.4 dB). A code at a fixed distance from capacity; no measured curve.
class LinkTable {
 public:
  explicit LinkTable(nr::McsTable table);

  [[nodiscard]] int mcs_count() const { return static_cast<int>(rows_.size()); }   // reserved ones do not count
  [[nodiscard]] float efficiency(int mcs) const { return rows_[mcs].efficiency; }  // bits a resource element and layer
  [[nodiscard]] float threshold_db(int mcs) const { return rows_[mcs].threshold_db; }
  [[nodiscard]] int modulation(int mcs) const { return rows_[mcs].modulation; }  // 0..kModulations - 1

  /// sigma_db: of the SINR, where it is not known exactly.
  [[nodiscard]] float bler(int mcs, float sinr_db, float sigma_db = 0) const;
  /// The share of the efficiency that arrives with so many transmissions at most, each of which costs as much as the
  /// first: SE (1 - q1 q2 ..) / (1 + q1 + q1 q2 + ..), q_j = 1 - Phi((SINR + 11 lg j - T) / width). Equal SINRs.
  [[nodiscard]] float goodput(int mcs, float sinr_db, float sigma_db, int transmissions) const;
  /// Efficiency whose threshold this SINR is, without steps; from that of the lowest MCS at its threshold less 10 dB
  /// (proportionally less) to that of the highest.
  [[nodiscard]] float continuous_efficiency(float sinr_db) const;
  /// The most efficient MCS whose threshold the effective SINR (dB, by modulation) reaches; 0 where there is none.
  [[nodiscard]] int highest_mcs(const std::array<float, kModulations>& sinr_db) const;

 private:
  struct Row {
    float efficiency = 0, threshold_db = 0;
    int modulation = 0;
  };
  std::vector<Row> rows_;
  std::vector<float> continuous_;  // efficiency over the SINR
};

/// Phi(x), the normal distribution's, from a table: right to 1e-5.
float normal_cdf(float x);

/// Effective SINR of a block over RBGs of different quality: exponential mapping (EESM),
/// SINR_eff = -beta ln mean exp(-SINR / beta), with a beta for each modulation. Of SINRs of RBGs, never of means: those
/// hide the dips.
class EffectiveSinr {
 public:
  void add(float sinr_linear, int prbs);
  /// Of one modulation alone; db() of the others is then not defined.
  void add(float sinr_linear, int prbs, int modulation);
  [[nodiscard]] float linear(int modulation) const;
  [[nodiscard]] float db(int modulation) const { return to_db(linear(modulation)); }
  [[nodiscard]] std::array<float, kModulations> db() const { return {db(0), db(1), db(2), db(3)}; }

 private:
  std::array<float, kModulations> sums_{};
  int prbs_ = 0;
};

/// g(mu, sigma) = max over MCSs of LinkTable::goodput: what a resource element brings when the SINR is known as a
/// distribution. A table with linear interpolation.
class GoodputTable {
 public:
  explicit GoodputTable(const LinkTable& link, int transmissions = 4);
  /// mu in dB, clamped to -20..45; sigma in dB, clamped to 0..8.
  [[nodiscard]] float operator()(float mean_db, float sigma_db) const;

 private:
  static constexpr float kStepDb = 0.25F, kSigmaStepDb = 0.25F, kGreatestSigmaDb = 8.0F;
  static constexpr int kMeans = static_cast<int>((kGreatestSinrDb - kLeastSinrDb) / kStepDb) + 1;
  static constexpr int kSigmas = static_cast<int>(kGreatestSigmaDb / kSigmaStepDb) + 1;
  std::vector<float> goodput_;  // [sigma][mean]
};

}  // namespace pado::scheduler
