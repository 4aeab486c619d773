// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "station/diagnose/dmrs_probe.h"
#include "station/diagnose/hypothesis.h"
#include "stream/recording/recording.h"

namespace pado::station {

/// A transmission of a recording, by its place.
struct Place {
  int slot_index = 0;
  int grant_index = 0;
};

/// A hypothesis and what the DM-RS say of it, over all transmissions that were looked at.
struct Evidence {
  Hypothesis hypothesis;
  Correlation correlation;
};

/// Tests hypotheses on some transmissions of a recording.
class HypothesisSearch {
 public:
  /// Reads the samples around the places. Throws Error where the file cannot be read.
  HypothesisSearch(const stream::Recording& recording, std::span<const Place> places);

  /// What the metadata says.
  [[nodiscard]] const Hypothesis& claimed() const { return claimed_; }
  /// For a hypothesis about the samples as the metadata says that they are read.
  [[nodiscard]] Evidence evidence(const Hypothesis& hypothesis) { return best_of(looks_, {hypothesis}); }
  /// The likeliest hypothesis of each kind.
  std::vector<Evidence> search();
  /// How many hypotheses were tested so far.
  [[nodiscard]] int tested() const { return tested_; }

  /// Energy of the allocations' elements over that of the carrier's other elements, in dB; 0 where there are none.
  [[nodiscard]] double over_surroundings_db();
  [[nodiscard]] PrefixCorrelation prefixes() const;

 private:
  struct Look {
    const stream::RecordedSlot* slot;
    const nr::PuschGrant* grant;
    SampleWindow window;
  };

  [[nodiscard]] std::vector<Look> look(const SampleView& view) const;
  Evidence best_of(const std::vector<Look>& looks, const std::vector<Hypothesis>& hypotheses);
  Evidence best_time(const std::vector<Look>& looks, const Hypothesis& base);
  void search_views(std::vector<Evidence>& found);
  void search_rates(std::vector<Evidence>& found);

  const stream::Recording& recording_;
  std::vector<Place> places_;
  DmrsProbe probe_;
  Hypothesis claimed_;
  std::vector<Look> looks_;  // at the samples as the metadata says
  int tested_ = 0;
};

}  // namespace pado::station
