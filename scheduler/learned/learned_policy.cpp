// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/learned_policy.h"

#include <algorithm>
#include <bit>

namespace pado::scheduler::learned {
namespace {

constexpr float kReportSigmaDb = 4;  // how far a report is off a few slots later
// Of a user that has not reported yet: poor, and no doubt that would call for daring and retransmissions.
constexpr float kUnknownSinrDb = 0, kUnknownSigmaDb = 0.5F;
constexpr float kGreatestBiasDb = 12;

void take_report(const CqiReport& report, int rbgs, SinrForecast& forecast) {
  for (int r = 0; r < rbgs; ++r) forecast.mean_db[r] = reported_sinr_db(report, r);
  forecast.sigma_db.fill(kReportSigmaDb);
}

}  // namespace

LearnedPolicy::LearnedPolicy(const PredictorWeights& weights, const LearnedKnobs& knobs)
    : knobs_(knobs), predictor_(weights) {}

void LearnedPolicy::start(const CellShape& shape, int users) {
  link_ = LinkTable(shape.mcs_table);
  goodput_ = GoodputTable(link_, shape.transmissions);
  average_.start(users, knobs_.window_slots);
  users_.assign(users, {});
  scores_ = {};
  unusable_forecasts_ = 0;
}

void LearnedPolicy::on_report(const CellState& cell, int user) noexcept {
  const ReportHistory& reports = cell.users[user].reports;
  const int rbgs = cell.shape.rbgs();
  User& u = users_[user];
  if (reports.size() == 1) {  // somebody new
    u = {};
    average_.restart(user);
  }
  u.statistics.add(reports, rbgs);
  if (!knobs_.predictor) return;
  compute_inputs(reports, u.statistics, rbgs, inputs_);
  u.usable = predictor_.forecast(inputs_, u.statistics.mean_db(), rbgs, u.forecast);
  if (!u.usable) ++unusable_forecasts_;
}

void LearnedPolicy::on_feedback(const CellState& /*cell*/, const Feedback& feedback) noexcept {
  if (feedback.transmission != 1) return;
  float step = 0;
  if (knobs_.goodput_mcs) {
    step = static_cast<float>(knobs_.bias_step) * bias_slope(link_.threshold_db(feedback.mcs), feedback);
  } else {
    step = static_cast<float>(knobs_.olla_step_db * (knobs_.bler_target - (feedback.acknowledged ? 0 : 1)));
  }
  float& bias_db = users_[feedback.user].bias_db;
  bias_db = std::clamp(bias_db + step, -kGreatestBiasDb, kGreatestBiasDb);
}

void LearnedPolicy::look_ahead(const CellState& cell, int user) noexcept {
  const ReportHistory& reports = cell.users[user].reports;
  const int rbgs = cell.shape.rbgs();
  User& u = users_[user];
  if (reports.empty()) {
    u.now.mean_db.fill(kUnknownSinrDb);
    u.now.sigma_db.fill(kUnknownSigmaDb);
  } else if (u.usable) {
    u.forecast.at(predictor_.scaled_age(cell.age(reports[0])), rbgs, u.now.mean_db, u.now.sigma_db);
  } else {
    take_report(reports[0], rbgs, u.now);
  }
}

void LearnedPolicy::score(const CellShape& shape, int user) noexcept {
  const User& u = users_[user];
  const float weight = 1 / average_.bits(user);
  for (int r = 0; r < shape.rbgs(); ++r) {
    const float goodput = goodput_(u.now.mean_db[r] + u.bias_db, u.now.sigma_db[r]);
    scores_.efficiency[user][r] = goodput;
    scores_.metric[user][r] = goodput * weight;
  }
}

UserAllocation LearnedPolicy::block(const CellShape& shape, int user, RbgMask rbgs) const noexcept {
  const User& u = users_[user];
  UserAllocation block;
  block.user = user;
  block.rbgs = rbgs;
  block.layers = shape.layers;
  if (knobs_.goodput_mcs) {
    const McsChoice choice = choose_mcs(link_, shape, rbgs, u.now, u.bias_db, static_cast<float>(knobs_.common_share));
    block.mcs = choice.mcs;
    block.predicted_sinr_db = choice.sinr_db;
    block.sigma_db = choice.sigma_db;
    return block;
  }
  EffectiveSinr effective;
  for (RbgMask left = rbgs; left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    effective.add(from_db(u.now.mean_db[r] + u.bias_db), shape.prbs_of(r));
  }
  const std::array<float, kModulations> sinr_db = effective.db();
  block.mcs = link_.highest_mcs(sinr_db);
  block.predicted_sinr_db = sinr_db[link_.modulation(block.mcs)];
  return block;
}

void LearnedPolicy::allocate(const CellState& cell, const FreeResources& free, SlotAllocation& allocation) noexcept {
  if (free.rbgs == 0 || free.users == 0 || free.user_count == 0) return;
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    look_ahead(cell, user);
    score(cell.shape, user);
  }
  choose_rbgs(cell, free, scores_, choice_);
  for (std::uint64_t left = free.users; left != 0; left &= left - 1) {
    const int user = std::countr_zero(left);
    if (choice_[user] != 0) allocation.add(block(cell.shape, user, choice_[user]));
  }
}

void LearnedPolicy::on_allocated(const CellState& /*cell*/, const SlotAllocation& allocation) noexcept {
  average_.count(allocation);
}

}  // namespace pado::scheduler::learned
