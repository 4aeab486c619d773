// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/link/link_abstraction.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"

using namespace pado;
using namespace pado::scheduler;

TEST_CASE("link: half of the blocks are lost at the threshold, fewer above, more below", "[link]") {
  for (const auto table : {nr::McsTable::qam64, nr::McsTable::qam256, nr::McsTable::qam64_low_se}) {
    const LinkTable link(table);
    CHECK(link.mcs_count() == (table == nr::McsTable::qam256 ? 28 : 29));
    for (int mcs = 0; mcs < link.mcs_count(); ++mcs) {
      CHECK(link.bler(mcs, link.threshold_db(mcs)) == Approx(0.5).margin(1e-4));
      float before = 1;
      for (float sinr_db = -15; sinr_db < 35; sinr_db += 0.25F) {
        const float bler = link.bler(mcs, sinr_db);
        CHECK(bler <= before);
        before = bler;
      }
      CHECK(before < 1e-6);
    }
  }
}

TEST_CASE("link: a more efficient MCS needs more", "[link]") {
  const LinkTable link(nr::McsTable::qam256);
  for (int mcs = 1; mcs < link.mcs_count(); ++mcs) {
    CHECK(link.efficiency(mcs) > link.efficiency(mcs - 1));
    CHECK(link.threshold_db(mcs) > link.threshold_db(mcs - 1));
  }
  CHECK(link.threshold_db(27) == Approx(10 * std::log10(std::exp2(7.40625) - 1) + 0.5 + 0.2 * 7.40625));
}

TEST_CASE("link: the MCS that an SINR allows is the most efficient whose threshold it reaches", "[link]") {
  for (const auto table : {nr::McsTable::qam64, nr::McsTable::qam256}) {
    const LinkTable link(table);
    for (float sinr_db = -12; sinr_db < 32; sinr_db += 0.1F) {
      const int chosen = link.highest_mcs({sinr_db, sinr_db, sinr_db, sinr_db});
      for (int mcs = 0; mcs < link.mcs_count(); ++mcs) {
        if (link.threshold_db(mcs) <= sinr_db) CHECK(link.efficiency(mcs) <= link.efficiency(chosen));
      }
      if (chosen > 0) CHECK(link.threshold_db(chosen) <= sinr_db);
    }
  }
}

TEST_CASE("link: EESM of equal SINRs is that SINR, of unequal ones less than their mean", "[link]") {
  for (int modulation = 0; modulation < kModulations; ++modulation) {
    EffectiveSinr equal, unequal;
    for (int r = 0; r < 4; ++r) equal.add(from_db(6), 4);
    for (const float sinr_db : {0.0F, 4.0F, 8.0F, 10.0F}) unequal.add(from_db(sinr_db), 4);
    CHECK(equal.db(modulation) == Approx(6).margin(1e-3));
    const float mean = (from_db(0) + from_db(4) + from_db(8) + from_db(10)) / 4;
    CHECK(unequal.linear(modulation) < mean);
    CHECK(unequal.linear(modulation) > 1);
  }
}

TEST_CASE("link: EESM counts an RBG by its PRBs, and stays finite", "[link]") {
  EffectiveSinr weighted, alone;
  weighted.add(10, 16);
  weighted.add(0.1F, 1);
  alone.add(0.1F, 16);
  alone.add(10, 1);
  CHECK(weighted.linear(0) > 3 * alone.linear(0));
  EffectiveSinr endless;
  endless.add(1e9F, 4);
  CHECK(std::isfinite(endless.db(0)));
  CHECK(EffectiveSinr().linear(0) == 0);
}

TEST_CASE("link: the goodput of a known SINR is the efficiency far above the threshold, and retransmissions help below",
          "[link]") {
  const LinkTable link(nr::McsTable::qam256);
  const float threshold = link.threshold_db(10), efficiency = link.efficiency(10);
  CHECK(link.goodput(10, threshold + 3, 0, 4) == Approx(efficiency).epsilon(1e-3));
  CHECK(link.goodput(10, threshold - 2, 0, 4) == Approx(efficiency / 2).epsilon(1e-2));  // the second is always right
  CHECK(link.goodput(10, threshold - 2, 0, 1) < 1e-3);
}

TEST_CASE("link: the goodput table agrees with the formula, grows with the mean and falls with sigma", "[link]") {
  const LinkTable link(nr::McsTable::qam256);
  const GoodputTable table(link);
  for (float mean_db = -10; mean_db < 30; mean_db += 0.7F) {
    for (float sigma_db = 0; sigma_db < 6; sigma_db += 0.9F) {
      float best = 0;
      for (int mcs = 0; mcs < link.mcs_count(); ++mcs) best = std::max(best, link.goodput(mcs, mean_db, sigma_db, 4));
      CHECK(table(mean_db, sigma_db) == Approx(best).epsilon(0.05).margin(0.05));
    }
  }
  CHECK(table(15, 1) > table(14, 1));
  CHECK(table(15, 1) > table(15, 4));
}
