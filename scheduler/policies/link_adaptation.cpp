// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/policies/link_adaptation.h"

#include <algorithm>
#include <bit>

namespace pado::scheduler {
namespace {

constexpr float kGreatestOffsetDb = 12;
constexpr int kMeanReports = 200;  // of the running mean

}  // namespace

void LinkAdaptation::start(const CellShape& shape, int users) {
  link_ = LinkTable(shape.mcs_table);
  users_.assign(users, {});
}

void LinkAdaptation::on_report(const CellState& cell, int user) noexcept {
  const ReportHistory& history = cell.users[user].reports;
  const CqiReport& report = history[0];
  const int rbgs = cell.shape.rbgs();
  User& u = users_[user];
  if (history.size() == 1) u = {};  // somebody new
  float mean = 0;
  for (int r = 0; r < rbgs; ++r) mean += report.sinr_db[r];
  mean /= static_cast<float>(rbgs);
  u.reports = std::min(u.reports + 1, kMeanReports);
  u.mean_db += (mean - u.mean_db) / static_cast<float>(u.reports);
  const auto shrink = static_cast<float>(knobs_.shrink), smoothing = static_cast<float>(knobs_.smoothing);
  for (int r = 0; r < rbgs; ++r) {
    const float below = report.sinr_db[std::max(r - 1, 0)], above = report.sinr_db[std::min(r + 1, rbgs - 1)];
    const float smooth = report.sinr_db[r] + smoothing * ((below + above) / 2 - report.sinr_db[r]);
    u.sinr_db[r] = u.mean_db + shrink * (smooth - u.mean_db);
  }
}

void LinkAdaptation::on_feedback(const Feedback& feedback) noexcept {
  if (feedback.transmission != 1) return;
  const double target = knobs_.bler_target;
  const double step = knobs_.olla_step_db * (feedback.acknowledged ? target : target - 1);
  float& offset = users_[feedback.user].offset_db;
  offset = std::clamp(offset + static_cast<float>(step), -kGreatestOffsetDb, kGreatestOffsetDb);
}

UserAllocation LinkAdaptation::block(const CellShape& shape, int user, RbgMask rbgs) const noexcept {
  EffectiveSinr effective;
  for (RbgMask left = rbgs; left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    effective.add(from_db(users_[user].sinr_db[r]), shape.prbs_of(r));
  }
  std::array<float, kModulations> sinr_db = effective.db();
  for (float& s : sinr_db) s += users_[user].offset_db;
  UserAllocation block;
  block.user = user;
  block.rbgs = rbgs;
  block.mcs = link_.highest_mcs(sinr_db);
  block.layers = shape.layers;
  block.predicted_sinr_db = sinr_db[link_.modulation(block.mcs)];
  return block;
}

}  // namespace pado::scheduler
