// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/diagnose.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "phy/nr/mcs.h"
#include "station/diagnose/search.h"
#include "station/diagnose/trial.h"
#include "station/diagnose/wording.h"

namespace pado::station {
namespace {

constexpr std::size_t kMostPlaces = 4;
// A correlation is DM-RS where chance gives as much in one of a thousand recordings, over all that was tested.
constexpr double kLogOfChance = 6.9;
constexpr double kClearlyBetter = 0.1;
constexpr double kFadingMarginDb = 5;  // of a slot's mean SINR over what its code rate needs, for it to suffice

/// Failed transmissions, evenly over the recording.
std::vector<const ReplayRow*> failed_rows(const stream::Recording& recording, const ReplayResult& result) {
  std::vector<const ReplayRow*> failed;
  for (const ReplayRow& row : result.rows)
    if (!row.right() && !recording.slots[row.slot_index].grants.empty()) failed.push_back(&row);
  std::vector<const ReplayRow*> chosen;
  const std::size_t count = std::min(kMostPlaces, failed.size());
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(failed[i * failed.size() / count]);
  return chosen;
}

Place place_of(const stream::Recording& recording, const ReplayRow& row) {
  const auto& grants = recording.slots[row.slot_index].grants;
  const auto same = [&](const nr::PuschGrant& g) {
    return g.rnti == row.grant.rnti && g.prb_start == row.grant.prb_start && g.symbol_start == row.grant.symbol_start &&
           g.dmrs.ports == row.grant.dmrs.ports;
  };
  return {.slot_index = row.slot_index,
          .grant_index = static_cast<int>(std::ranges::find_if(grants, same) - grants.begin())};
}

/// Shannon's bound for the transmission, and 2 dB that codes and receivers lose.
double needed_sinr_db(const nr::PuschGrant& grant) {
  const double bits = nr::bits_per_symbol(grant.modulation) * grant.code_rate_x1024 / 1024;
  return 10 * std::log10(std::exp2(bits) - 1) + 2;
}

/// The hypothesis that explains more than what the metadata says, if one does beyond chance.
const Evidence* better_than(const Evidence& claimed, const std::vector<Evidence>& found, int tested) {
  const Evidence* best = nullptr;
  const double chance = kLogOfChance + std::log(std::max(tested, 1));
  const bool claimed_is_there = claimed.correlation.significance() > kLogOfChance;
  for (const Evidence& e : found) {
    const double lead = e.correlation.value() - claimed.correlation.value();
    const double deviation = std::max(e.correlation.deviation(), claimed.correlation.deviation());
    if (e.correlation.significance() < chance) continue;
    if (lead < (claimed_is_there ? std::max(kClearlyBetter, 5 * deviation) : deviation)) continue;
    // Kinds differ in how much of the slot they correlate: the share that is DM-RS decides.
    if (best == nullptr || e.correlation.value() > best->correlation.value() + 0.02) best = &e;
  }
  return best;
}

class Doctor {
 public:
  Doctor(const stream::Recording& recording, const ReplayResult& result)
      : recording_(recording), rows_(failed_rows(recording, result)), trial_(recording) {
    for (const ReplayRow* row : rows_) places_.push_back(place_of(recording, *row));
  }

  Diagnosis diagnose() {
    if (rows_.empty()) {
      Diagnosis none;
      none.cause = Cause::decodes;
      none.text = "every block decodes";
      return none;
    }
    HypothesisSearch search(recording_, places_);
    const Evidence claimed = search.evidence(search.claimed());
    const std::vector<Evidence> found = search.search();
    const Evidence* better = better_than(claimed, found, search.tested());
    Diagnosis d;
    d.claimed_correlation = claimed.correlation.value();
    if (better != nullptr) {
      take(*better, d);
    } else if (claimed.correlation.significance() > kLogOfChance) {
      take(claimed, d);
      explain_data(search, found, d);
    } else {
      explain_silence(search, d);
    }
    d.text = wording(recording_, *rows_.front(), d, circumstances_);
    return d;
  }

 private:
  void take(const Evidence& evidence, Diagnosis& d) {
    d.hypothesis = evidence.hypothesis;
    d.cause = evidence.hypothesis.cause;
    d.correlation = evidence.correlation.value();
    try_out(d);
  }

  void try_out(Diagnosis& d) {
    d.tried = static_cast<int>(places_.size());
    d.decoded = static_cast<int>(
        std::ranges::count_if(places_, [&](const Place& place) { return trial_.decodes(place, d.hypothesis); }));
  }

  /// The DM-RS is where and as it should be.
  void explain_data(HypothesisSearch& search, const std::vector<Evidence>& found, Diagnosis& d) {
    const auto strongest = std::ranges::max_element(
        rows_, {}, [](const ReplayRow* row) { return row->report.sinr_db - needed_sinr_db(row->grant); });
    circumstances_.sinr_db = (*strongest)->report.sinr_db;
    circumstances_.needed_db = needed_sinr_db((*strongest)->grant);
    circumstances_.grant = (*strongest)->grant;
    const Place place = places_[static_cast<std::size_t>(strongest - rows_.begin())];
    if (is_elsewhere(search, found, place, d)) return;
    if (circumstances_.sinr_db < circumstances_.needed_db + kFadingMarginDb) {
      d.cause = Cause::too_weak;
      return;
    }
    d.cause = Cause::data_parameters;
    if (const auto id = trial_.data_identity(place)) {
      d.hypothesis.data_n_id = id;
      d.cause = Cause::data_scrambling;
      try_out(d);
    }
  }

  /// Whether the allocation overlaps with another one that decodes. One DM-RS sequence runs over the whole carrier, so
  /// that it correlates in both.
  bool is_elsewhere(HypothesisSearch& search, const std::vector<Evidence>& found, const Place& place, Diagnosis& d) {
    std::vector<int> shifts{-1, 1, -2, 2};
    for (const Evidence& e : found)
      if (e.hypothesis.cause == Cause::prb_start) shifts.push_back(e.hypothesis.prb_shift);
    for (const int shift : shifts) {
      Hypothesis moved = d.hypothesis;
      moved.cause = Cause::prb_start;
      moved.prb_shift = shift;
      if (!trial_.decodes(place, moved)) continue;
      take(search.evidence(moved), d);
      return true;
    }
    return false;
  }

  /// No DM-RS to be found.
  void explain_silence(HypothesisSearch& search, Diagnosis& d) {
    circumstances_.tested = search.tested();
    circumstances_.over_surroundings_db = search.over_surroundings_db();
    circumstances_.prefixes = search.prefixes();
    const bool nothing = circumstances_.prefixes.value < std::max(0.03, 5 * circumstances_.prefixes.deviation) &&
                         circumstances_.over_surroundings_db < 1;
    d.cause = nothing ? Cause::no_signal : Cause::unknown;
  }

  const stream::Recording& recording_;
  std::vector<const ReplayRow*> rows_;
  std::vector<Place> places_;
  Trial trial_;
  Circumstances circumstances_;
};

}  // namespace

Diagnosis diagnose(const stream::Recording& recording, const ReplayResult& result) {
  return Doctor(recording, result).diagnose();
}

}  // namespace pado::station
