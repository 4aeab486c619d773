// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/learned/learned_policy.h"

#include <cmath>
#include <limits>
#include <random>

#include "tests/catch.h"

using namespace pado::scheduler;
using namespace pado::scheduler::learned;

namespace {

constexpr CellShape kUplink{.prbs = 51, .rbg_prbs = 4, .users_per_slot = 4, .mcs_table = pado::nr::McsTable::qam64};
constexpr CellShape kDownlink{
    .prbs = 273, .rbg_prbs = 16, .allocation = AllocationType::rbgs, .mcs_table = pado::nr::McsTable::qam256};

/// All weights zero: every forecast is the running mean with this sigma.
PredictorWeights mean_with_log_sigma(float log_sigma) {
  PredictorWeights weights;
  weights.input_scale.fill(1);
  weights.last.biases[3] = log_sigma;
  return weights;
}

/// A cell and a policy, without the rest of a scheduler.
struct Cell {
  CellState state;
  LearnedPolicy policy;
  SlotAllocation allocation;

  Cell(const CellShape& shape, int users, const PredictorWeights& weights, const LearnedKnobs& knobs = {})
      : policy(weights, knobs) {
    state.shape = shape;
    state.users.resize(users);
    for (UserState& user : state.users) user.attached = true;
    policy.start(shape, users);
  }
  void report(int user, const std::array<float, kMaxRbgs>& sinr_db, int age = 4) {
    state.users[user].reports.push({.measured_slot = state.slot - age, .sinr_db = sinr_db});
    policy.on_report(state, user);
  }
  void report(int user, float sinr_db) {
    std::array<float, kMaxRbgs> flat;
    flat.fill(sinr_db);
    report(user, flat);
  }
  const SlotAllocation& allocate() {
    const FreeResources free{.rbgs = state.shape.all_rbgs(),
                             .users = (std::uint64_t{1} << state.users.size()) - 1,
                             .user_count = state.shape.users_per_slot};
    return allocate(free);
  }
  const SlotAllocation& allocate(const FreeResources& free) {
    allocation.clear();
    policy.allocate(state, free, allocation);
    for (int i = 0; i < allocation.count; ++i) allocation.users[i].tbs_bits = 1000;
    policy.on_allocated(state, allocation);
    ++state.slot;
    return allocation;
  }
};

Feedback outcome(const UserAllocation& block, bool acknowledged) {
  return {.user = block.user,
          .mcs = block.mcs,
          .acknowledged = acknowledged,
          .predicted_sinr_db = block.predicted_sinr_db,
          .sigma_db = block.sigma_db};
}

std::vector<UserAllocation> blocks(const SlotAllocation& allocation) {
  return {allocation.users.begin(), allocation.users.begin() + allocation.count};
}

}  // namespace

TEST_CASE("learned policy: a user that has not reported gets a cautious block", "[scheduler][learned]") {
  Cell cell(kUplink, 1, shipped_predictor_weights());
  const auto unknown = blocks(cell.allocate());
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].mcs <= 6);
  for (int i = 0; i < 20; ++i) {
    cell.report(0, 22);
    cell.allocate();
  }
  CHECK(cell.allocation.users[0].mcs > 15);
}

TEST_CASE("learned policy: a block carries how sure its SINR was, for the feedback", "[scheduler][learned]") {
  Cell sure(kDownlink, 1, mean_with_log_sigma(-1)), unsure(kDownlink, 1, mean_with_log_sigma(1.6F));
  sure.report(0, 18);
  unsure.report(0, 18);
  const double averaged = std::sqrt(0.5 + 0.5 / 18);  // half of the variance is the RBGs' own
  CHECK(sure.allocate().users[0].sigma_db == Approx(averaged * std::exp(-1)));
  CHECK(unsure.allocate().users[0].sigma_db == Approx(averaged * std::exp(1.6)));
  CHECK(sure.allocation.users[0].predicted_sinr_db == Approx(18).margin(0.5));
}

TEST_CASE("learned policy: a network that says NaN is not heard, and that is counted", "[scheduler][learned]") {
  PredictorWeights broken = mean_with_log_sigma(0);
  broken.last.biases[1] = std::numeric_limits<float>::quiet_NaN();
  Cell cell(kUplink, 3, broken), reports_alone(kUplink, 3, broken, {.predictor = false});
  std::mt19937 random(1);
  for (int slot = 0; slot < 50; ++slot) {
    std::array<float, kMaxRbgs> sinr_db;
    for (float& value : sinr_db) value = static_cast<float>(random() % 30);
    cell.report(slot % 3, sinr_db);
    reports_alone.report(slot % 3, sinr_db);
    const auto got = blocks(cell.allocate()), expected = blocks(reports_alone.allocate());
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i].rbgs == expected[i].rbgs);
      CHECK(got[i].mcs == expected[i].mcs);
      CHECK(std::isfinite(got[i].predicted_sinr_db));
    }
  }
  CHECK(cell.policy.unusable_forecasts() == 50);
}

TEST_CASE("learned policy: NACKs lower its bias, ACKs raise it, a new user starts from none", "[scheduler][learned]") {
  Cell cell(kDownlink, 1, mean_with_log_sigma(0));
  cell.report(0, 15);
  const int before = cell.allocate().users[0].mcs;
  for (int i = 0; i < 20; ++i) cell.policy.on_feedback(cell.state, outcome(cell.allocate().users[0], false));
  CHECK(cell.policy.bias_db(0) < -0.5F);
  CHECK(cell.allocate().users[0].mcs < before);
  const float low_db = cell.policy.bias_db(0);
  for (int i = 0; i < 200; ++i) cell.policy.on_feedback(cell.state, outcome(cell.allocate().users[0], true));
  CHECK(cell.policy.bias_db(0) > low_db + 0.5F);
  cell.state.users[0].reports = {};
  cell.report(0, 15);
  CHECK(cell.policy.bias_db(0) == 0);
}

TEST_CASE("learned policy: feedback on retransmissions says nothing about the MCS", "[scheduler][learned]") {
  Cell cell(kDownlink, 1, mean_with_log_sigma(0));
  cell.report(0, 15);
  Feedback feedback = outcome(cell.allocate().users[0], false);
  feedback.transmission = 2;
  cell.policy.on_feedback(cell.state, feedback);
  CHECK(cell.policy.bias_db(0) == 0);
}

TEST_CASE("learned policy: alike users take turns, whatever their distance", "[scheduler][learned]") {
  Cell cell(kDownlink, 3, mean_with_log_sigma(0));
  for (int user = 0; user < 3; ++user) cell.report(user, 8.0F + 6.0F * static_cast<float>(user));
  std::array<int, 3> slots{};
  for (int slot = 0; slot < 300; ++slot) {
    for (const UserAllocation& block : blocks(cell.allocate())) ++slots[block.user];
  }
  for (const int count : slots) CHECK(count > 50);
}

TEST_CASE("learned policy: an old report counts like the oldest that was trained", "[scheduler][learned]") {
  Cell cell(kUplink, 1, shipped_predictor_weights());
  for (int i = 0; i < 10; ++i) cell.report(0, 16);
  cell.state.slot += 10;
  const auto once = blocks(cell.allocate());
  cell.state.slot += 1'000'000;
  const auto later = blocks(cell.allocate());
  CHECK(once[0].mcs == later[0].mcs);
  CHECK(once[0].predicted_sinr_db == later[0].predicted_sinr_db);
}

TEST_CASE("learned policy: random cells get allocations inside what is free", "[scheduler][learned]") {
  for (const CellShape& shape : {kUplink, kDownlink}) {
    constexpr int kUsers = 12;
    Cell cell(shape, kUsers, shipped_predictor_weights());
    std::mt19937 random(7);
    bool inside = true;
    for (int slot = 0; slot < 500; ++slot) {
      std::array<float, kMaxRbgs> sinr_db;
      for (float& value : sinr_db) value = static_cast<float>(random() % 300) / 8 - 10;
      if (random() % 10 == 0) sinr_db[random() % 4] = std::numeric_limits<float>::quiet_NaN();
      cell.report(static_cast<int>(random() % kUsers), sinr_db, static_cast<int>(random() % 12));
      const FreeResources free{.rbgs = static_cast<RbgMask>(random()) & shape.all_rbgs(),
                               .users = random() % (1U << kUsers),
                               .user_count = static_cast<int>(random() % 5)};
      const SlotAllocation& got = cell.allocate(free);
      RbgMask taken = 0;
      std::uint64_t users = 0;
      inside = inside && got.count <= free.user_count;
      for (int i = 0; i < got.count; ++i) {
        const UserAllocation& block = got.users[i];
        inside = inside && block.rbgs != 0 && (block.rbgs & ~free.rbgs) == 0 && (block.rbgs & taken) == 0;
        inside = inside && (free.users >> block.user & 1U) != 0 && (users >> block.user & 1U) == 0;
        inside = inside && std::isfinite(block.predicted_sinr_db) && std::isfinite(block.sigma_db);
        inside = inside && pado::nr::mcs(shape.mcs_table, block.mcs).has_value();
        taken |= block.rbgs;
        users |= std::uint64_t{1} << block.user;
        cell.policy.on_feedback(cell.state, outcome(block, random() % 3 != 0));
      }
    }
    CHECK(inside);
  }
}
