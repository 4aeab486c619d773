// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "phy/nr/error.h"
#include "phy/nr/tbs.h"
#include "station/users/traffic.h"
#include "station/users/users_cell.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station;

namespace {

CellInfo cell() {
  CellInfo info;
  info.carrier = {.scs_hz = 30000, .carrier_prb = 24, .fft_size = 512, .antennas = 2};
  info.users = 2;
  return info;
}

UplinkGrant grant_of(int user, int process = 0, bool new_data = true) {
  UplinkGrant g;
  g.user = user;
  g.rnti = 0x4601 + user;
  g.prb_start = 12 * user;
  g.prb_count = 12;
  g.mcs_index = 4;
  g.code_rate_x10240 = 3080;
  g.new_data = new_data;
  g.process = process;
  g.dmrs_additional_position = 1;
  g.tbs_bytes = nr::transport_block_size(pusch_grant(g, 0, true, 0)) / 8;
  auto pusch = pusch_grant(g, 0, true, 0);
  pusch.base_graph = 0;
  g.base_graph = nr::base_graph(pusch);
  return g;
}

SlotRequest request_of(std::int64_t slot, std::vector<UplinkGrant> grants, std::vector<BlockFeedback> feedback = {}) {
  SlotRequest request;
  request.slot = slot;
  request.grant_count = static_cast<int>(grants.size());
  std::ranges::copy(grants, request.grants.begin());
  request.feedback_count = static_cast<int>(feedback.size());
  std::ranges::copy(feedback, request.feedbacks.begin());
  return request;
}

double energy(std::span<const ci16> samples) {
  double sum = 0;
  for (const ci16 x : samples) sum += 1.0 * x.re * x.re + 1.0 * x.im * x.im;
  return sum / static_cast<double>(samples.size()) / (2048.0 * 2048);
}

}  // namespace

TEST_CASE("users: without a grant the antennas hear noise of the energy that the SNR says", "[station][users]") {
  auto info = cell();
  info.full_scale = 2048;
  UsersCell users(info, {.users = 2, .snr_db = 17, .snr_spread_db = 6});
  SlotIndication indication;
  REQUIRE_FALSE(users.run_slot(request_of(0, {}), indication));
  CHECK(energy(users.samples()) == Approx(std::pow(10, -2.0)).epsilon(0.05));
  REQUIRE_FALSE(users.run_slot(request_of(1, {grant_of(1)}), indication));
  CHECK(energy(users.samples()) > 0.05);
}

TEST_CASE("users: tell their quality some slots late and in steps, each in its turn", "[station][users]") {
  UsersCell users(cell(), {.users = 2, .cqi_period_slots = 5, .cqi_delay_slots = 4, .cqi_error_db = 0});
  std::vector<std::vector<double>> truth;
  SlotIndication indication;
  for (std::int64_t slot = 0; slot < 30; ++slot) {
    REQUIRE_FALSE(users.run_slot(request_of(slot, {}), indication));
    truth.push_back(users.user(1).meter().truth_db());
    REQUIRE(indication.user_count == 2);
    const UserIndication& told = indication.users[1];
    CHECK(told.has_cqi == (slot >= 8 && (slot - 8) % 5 == 0));
    if (!told.has_cqi) continue;
    CHECK(told.measured_slot == slot - 4);
    for (int rbg = 0; rbg < 6; ++rbg) CHECK(told.cqi_levels[rbg] == cqi_level(truth[told.measured_slot][rbg]));
  }
}

TEST_CASE("users: their buffers are told by level and shrink by what was granted", "[station][users]") {
  SlotIndication indication;
  UsersCell full(cell(), {.users = 1});
  REQUIRE_FALSE(full.run_slot(request_of(0, {grant_of(0)}), indication));
  CHECK(indication.users[0].buffer_level == 31);
  UsersCell bursts(cell(), {.users = 1, .traffic = scheduler::TrafficClass::bursts, .load_bps = 1e6});
  int highest = 0;
  std::int64_t slot = 0;
  for (; slot < 400; ++slot) {
    REQUIRE_FALSE(bursts.run_slot(request_of(slot, {}), indication));
    highest = std::max(highest, indication.users[0].buffer_level);
  }
  CHECK(highest > 10);
  CHECK(highest < 31);
  bool ndi = true;
  for (; slot < 5000 && indication.users[0].buffer_level > 0; ++slot, ndi = !ndi) {
    std::vector<BlockFeedback> received;
    if (slot > 400) received.push_back({.sent_slot = slot - 1, .outcome = BlockOutcome::received});
    REQUIRE_FALSE(bursts.run_slot(request_of(slot, {grant_of(0, 0, ndi)}, received), indication));
  }
  CHECK(indication.users[0].buffer_level == 0);
}

TEST_CASE("users: a request that cannot be ends the session with what is wrong", "[station][users]") {
  struct Row {
    std::string message;
    ErrorReason reason;
    SlotRequest second;  // after a good block in process 0
  };
  const auto changed = [](auto&& change) {
    UplinkGrant g = grant_of(1);
    change(g);
    return request_of(1, {g});
  };
  const auto feedback = [](BlockFeedback f) { return request_of(1, {}, {f}); };
  const std::vector<Row> rows{
      {"slot 7 came, 1 was due", ErrorReason::bad_message, request_of(7, {})},
      {"grant for user 5", ErrorReason::bad_grant, changed([](UplinkGrant& g) { g.user = 5; })},
      {"user 1 does not have RNTI 4", ErrorReason::bad_grant, changed([](UplinkGrant& g) { g.rnti = 4; })},
      {"HARQ process 9 is none", ErrorReason::bad_grant, changed([](UplinkGrant& g) { g.process = 9; })},
      {"a new block before the last one had its end", ErrorReason::bad_grant, request_of(1, {grant_of(0, 0, false)})},
      {"the block has", ErrorReason::bad_grant, changed([](UplinkGrant& g) {
         g = grant_of(0);
         g.tbs_bytes += 10;
       })},
      {"beyond the carrier's 24 PRB", ErrorReason::bad_grant, changed([](UplinkGrant& g) { g.prb_start = 20; })},
      {"feedback for user 4", ErrorReason::bad_message, feedback({.user = 4})},
      {"which sent nothing there", ErrorReason::bad_message, feedback({.user = 1})},
      {"which sent nothing there", ErrorReason::bad_message, feedback({.user = 0, .process = 1})},
  };
  for (const Row& row : rows) {
    INFO(row.message);
    UsersCell users(cell(), {.users = 2});
    SlotIndication indication;
    REQUIRE_FALSE(users.run_slot(request_of(0, {grant_of(0)}), indication));
    const auto wrong = users.run_slot(row.second, indication);
    REQUIRE(wrong);
    CHECK(wrong->reason == row.reason);
    CHECK_THAT(wrong->text, ContainsSubstring(row.message));
  }
}

TEST_CASE("users: a configuration out of range is refused by name", "[station][users]") {
  const auto refusal = [](const UsersConfig& config) {
    try {
      validate(config);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal({}).empty());
  CHECK(refusal({.users = 65}) == "users 65 is not from 1 to 64");
  CHECK(refusal({.speed_kmh = -1}) == "speed (km/h) -1 is not from 0 to 500");
  CHECK(refusal({.snr_db = std::nan("")}) == "SNR (dB) nan is not from -20 to 60");
  CHECK_THAT(refusal({.profile = "tdl-q"}), ContainsSubstring("profile tdl-q: not known; there are tdl-a"));
}

TEST_CASE("traffic: a load that nobody carries fills the room and no more, and what finds none is counted",
          "[station][users]") {
  Traffic traffic({.kind = scheduler::TrafficClass::bursts, .load_bps = 1e9});
  for (int slot = 0; slot < 1000; ++slot) traffic.arrive(slot);
  CHECK(traffic.waiting() >= Traffic::kRoomBytes);
  CHECK(traffic.waiting() < Traffic::kRoomBytes + 1'000'000);  // the last one may reach over
  CHECK(traffic.turned_away() > 1000);
  const std::int64_t before = traffic.turned_away();
  traffic.take(2'000'000, 1000);
  traffic.arrive(1000);
  CHECK(traffic.turned_away() == before);
}
