// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/bler/campaign.h"

#include <cmath>
#include <set>
#include <vector>

#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::station::bler;

namespace {

/// Blocks that need one transmission with a probability that rises with the SNR, and else two.
Point made_up(double snr_db, int blocks, double at_70_db) {
  Point point{.snr_db = snr_db};
  const double single = 1 / (1 + std::exp(-(snr_db - at_70_db) * 2 - std::log(0.5714 / 0.4286)));
  const int first = static_cast<int>(std::lround(single * blocks));
  for (int block = 0; block < blocks; ++block) point.count({block < first ? 1 : 2, true});
  return point;
}

CampaignOptions few_blocks(int threads) {
  CampaignOptions options;
  options.blocks = 8;
  options.threads = threads;
  return options;
}

}  // namespace

TEST_CASE("bler: 15 rows, of three reference channels, that get easier with antennas", "[bler]") {
  std::set<std::string_view> names;
  for (const Requirement& row : requirements()) {
    names.insert(row.name);
    const nr::PuschGrant grant = grant_of(row);
    CHECK(nr::dmrs_symbols(grant) == std::vector{2, 11});
    CHECK(grant.tbs_bits > 0);
    for (const Requirement& other : requirements()) {
      if (other.mcs == row.mcs && other.layers == row.layers && other.antennas == 2 * row.antennas)
        CHECK(other.snr_db < row.snr_db - 2);
    }
  }
  CHECK(names.size() == 15);
  CHECK(grant_of(requirements()[0]).tbs_bits == 14856);   // TS 38.104, A.1: payload of G-FR1-A3-14, ...
  CHECK(grant_of(requirements()[1]).tbs_bits == 100392);  // A4-14
  CHECK(grant_of(requirements()[2]).tbs_bits == 131176);  // and A5-14
}

TEST_CASE("bler: a point's throughput is blocks delivered by transmissions", "[bler]") {
  Point point;
  for (const BlockOutcome outcome : {BlockOutcome{1, true}, {2, true}, {4, false}, {1, true}}) point.count(outcome);
  CHECK(point.throughput() == Approx(3.0 / 8));
  Point half;
  half.count({4, false});
  half.add(point);
  CHECK(half.throughput() == Approx(3.0 / 12));
  CHECK(Point{}.throughput() == 0);
}

TEST_CASE("bler: a point's deviation is what many points scatter by", "[bler]") {
  std::uint64_t state = 1;
  const auto uniform = [&state] {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<double>(state >> 33) / 2147483648.0;
  };
  double sum = 0, square = 0, deviation = 0;
  constexpr int kPoints = 400;
  for (int i = 0; i < kPoints; ++i) {
    Point point;
    for (int block = 0; block < 100; ++block) {
      const double u = uniform();
      point.count({u < 0.5 ? 1 : u < 0.8 ? 2 : 4, u < 0.95});
    }
    sum += point.throughput() / kPoints;
    square += point.throughput() * point.throughput() / kPoints;
    deviation += point.deviation() / kPoints;
  }
  CHECK(std::sqrt(square - sum * sum) == Approx(deviation).epsilon(0.15));
}

TEST_CASE("bler: the level is found from a guess far off on either side", "[bler]") {
  for (const double guess_db : {-9.0, 3.1, 4.0, 4.4, 12.0}) {
    int measured = 0;
    const Level level = find_level(guess_db, 4000, [&](double snr_db, int blocks) {
      ++measured;
      return made_up(snr_db, blocks, 3.7);
    });
    INFO("guess " << guess_db << ", points " << measured);
    CHECK(level.reached);
    CHECK(level.snr_db == Approx(3.7).margin(0.02));
    CHECK(level.interval_db > 0.01);
    CHECK(level.interval_db < 0.3);
  }
}

TEST_CASE("bler: a receiver that never gets there is told from one that does", "[bler]") {
  const Level level = find_level(0, 100, [](double snr_db, int blocks) {
    Point point{.snr_db = snr_db};
    for (int block = 0; block < blocks; ++block) point.count({4, block % 2 == 0});
    return point;
  });
  CHECK_FALSE(level.reached);
}

TEST_CASE("bler: rows are chosen by the beginnings of their names", "[bler]") {
  CHECK(choose_rows("").size() == 15);
  CHECK(choose_rows("A3").size() == 6);
  CHECK(choose_rows("A5-1x2,A4-2").size() == 4);
  CHECK_THROWS_WITH(choose_rows("A5,B1"), ContainsSubstring("no row begins with 'B1'; there are A3-1x2, "));
  CHECK_THROWS_AS(choose_rows("A5,,A3"), Error);
}

TEST_CASE("bler: a row is the same on one thread and on three, and better with the channel known", "[bler]") {
  const Requirement& row = *choose_rows("A3-1x2").front();
  const auto silent = [](bool, double, int, int) {};
  const RowResult one = run_row(row, few_blocks(1), silent), three = run_row(row, few_blocks(3), silent);
  CHECK(one.refused.empty());
  CHECK(one.ours.reached);
  CHECK(one.met());
  CHECK(one.ours.snr_db == three.ours.snr_db);
  CHECK(one.ours.interval_db == three.ours.interval_db);
  CHECK(one.known.snr_db == three.known.snr_db);
  CHECK(one.loss_db() > 0);
  CHECK(one.loss_db() < 2);
}

TEST_CASE("bler: another seed is another campaign; an interferer costs", "[bler]") {
  const Requirement& row = *choose_rows("A3-1x2").front();
  const LinkOptions plain;
  LinkOptions other = plain, disturbed = plain;
  other.seed = 2;
  disturbed.interferer_db = 10;
  const auto delivered = [&](const LinkOptions& options, bool known) {
    const SentBlocks sent(row, options);
    Link link(row, sent, options);
    std::vector<int> transmissions;
    for (int block = 0; block < 12; ++block) transmissions.push_back(link.send(block, -6.4, known).transmissions);
    return transmissions;
  };
  const auto sum = [](const std::vector<int>& v) {
    int total = 0;
    for (const int x : v) total += x;
    return total;
  };
  const auto first = delivered(plain, true);
  CHECK(first == delivered(plain, true));
  CHECK(first != delivered(other, true));
  CHECK(sum(delivered(disturbed, true)) > sum(first) + 3);
}
