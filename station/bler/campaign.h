// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "station/bler/link.h"
#include "station/bler/requirement.h"

namespace pado::station::bler {

struct CampaignOptions {
  LinkOptions link;
  int blocks = 1000;  // a point
  int threads = 0;    // 0: as many as the machine has cores
};

/// Throughput at one SNR, as counts, so that sums do not depend on who counted what.
struct Point {
  double snr_db = 0;
  std::int64_t blocks = 0, transmissions = 0, delivered = 0, transmissions_squared = 0, transmissions_delivered = 0;

  void count(const BlockOutcome& outcome);
  void add(const Point& other);
  [[nodiscard]] double throughput() const;  // of the maximum: blocks delivered by transmissions
  [[nodiscard]] double deviation() const;   // of the throughput, one sigma
};

/// The SNR at which the throughput crosses kThroughputShare; interval: half of the 95 % confidence interval.
struct Level {
  bool reached = false;
  double snr_db = 0, interval_db = 0;
};

/// Searches the level from a first guess on: a few points with a quarter of the blocks bracket it, then points half a
/// dB apart with all of them, between which it is interpolated.
Level find_level(double guess_db, int blocks, const std::function<Point(double snr_db, int blocks)>& measure);

struct RowResult {
  const Requirement* requirement = nullptr;
  std::string refused = {};     // why the receiver cannot do it; empty: it ran
  Level ours = {}, known = {};  // with the channel estimated, and told
  [[nodiscard]] double margin_db() const { return requirement->snr_db - ours.snr_db; }
  [[nodiscard]] double loss_db() const { return ours.snr_db - known.snr_db; }
  [[nodiscard]] bool met() const { return refused.empty() && ours.reached && margin_db() >= 0; }
};

/// What is being measured: whether with a known channel, at which SNR, and how many of the point's blocks are done.
using Progress = std::function<void(bool known_channel, double snr_db, int done, int blocks)>;

/// Measures one requirement on several threads; the result depends on the options' seed and blocks, not on the threads.
RowResult run_row(const Requirement& requirement, const CampaignOptions& options, const Progress& progress);

/// Rows whose name begins with one of the comma-separated words; all without any. Throws Error for a word that fits
/// none.
std::vector<const Requirement*> choose_rows(std::string_view words);

}  // namespace pado::station::bler
