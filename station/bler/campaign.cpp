// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/bler/campaign.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <thread>

#include "phy/nr/error.h"

namespace pado::station::bler {
namespace {

constexpr double kCoarseStep_db = 1, kFineStep_db = 0.5;
constexpr int kMostSteps = 24;  // in one direction

// Links on threads of their own, made once a row.
class Workers {
 public:
  Workers(const Requirement& requirement, const SentBlocks& sent, const CampaignOptions& options) {
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int count = options.threads > 0 ? options.threads : std::max(cores, 1);
    for (int i = 0; i < count; ++i) links_.push_back(std::make_unique<Link>(requirement, sent, options.link));
  }

  Point measure(double snr_db, int blocks, bool known_channel, const Progress& progress) {
    std::vector<Point> counts(links_.size());
    std::atomic<int> next = 0;
    const auto work = [&](std::size_t worker) {
      for (int block = next++; block < blocks; block = next++) {
        counts[worker].count(links_[worker]->send(block, snr_db, known_channel));
        if (worker == 0) progress(known_channel, snr_db, block + 1, blocks);
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t worker = 1; worker < links_.size(); ++worker) threads.emplace_back(work, worker);
    work(0);
    for (std::thread& thread : threads) thread.join();
    Point sum{.snr_db = snr_db};
    for (const Point& count : counts) sum.add(count);
    return sum;
  }

 private:
  std::vector<std::unique_ptr<Link>> links_;
};

Level interpolate(const Point& below, const Point& above) {
  const double rise = above.throughput() - below.throughput(), apart = above.snr_db - below.snr_db;
  const double share = (kThroughputShare - below.throughput()) / rise;
  const double deviation = (1 - share) * below.deviation() + share * above.deviation();
  return {.reached = true, .snr_db = below.snr_db + share * apart, .interval_db = 1.96 * deviation / rise * apart};
}

}  // namespace

void Point::count(const BlockOutcome& outcome) {
  ++blocks;
  transmissions += outcome.transmissions;
  transmissions_squared += outcome.transmissions * outcome.transmissions;
  if (!outcome.delivered) return;
  ++delivered;
  transmissions_delivered += outcome.transmissions;
}

void Point::add(const Point& other) {
  blocks += other.blocks;
  transmissions += other.transmissions;
  delivered += other.delivered;
  transmissions_squared += other.transmissions_squared;
  transmissions_delivered += other.transmissions_delivered;
}

double Point::throughput() const {
  return transmissions > 0 ? static_cast<double>(delivered) / static_cast<double>(transmissions) : 0;
}

// Of a ratio of sums: the spread of delivered - throughput * transmissions over the blocks.
double Point::deviation() const {
  const double t = throughput();
  const double spread = static_cast<double>(delivered) - 2 * t * static_cast<double>(transmissions_delivered) +
                        t * t * static_cast<double>(transmissions_squared);
  return transmissions > 0 ? std::sqrt(std::max(spread, 0.0)) / static_cast<double>(transmissions) : 0;
}

Level find_level(double guess_db, int blocks, const std::function<Point(double snr_db, int blocks)>& measure) {
  const auto enough = [](const Point& p) { return p.throughput() >= kThroughputShare; };
  const int few = std::max(blocks / 4, 1);
  Point at = measure(guess_db, few);
  const double direction = enough(at) ? -1 : 1;
  Point before = at;
  for (int step = 0; enough(at) == enough(before); ++step) {
    if (step == kMostSteps) return {};
    before = at;
    at = measure(at.snr_db + direction * kCoarseStep_db, few);
  }
  const auto ends = std::minmax(before, at, [](const Point& a, const Point& b) { return a.snr_db < b.snr_db; });
  const double rough_db = interpolate(ends.first, ends.second).snr_db;
  const double below_db = std::round((rough_db - kFineStep_db / 2) * 20) / 20;
  Point below = measure(below_db, blocks), above = measure(below_db + kFineStep_db, blocks);
  for (int step = 0; enough(below) || !enough(above); ++step) {
    if (step == kMostSteps) return {};
    if (enough(below)) {
      above = below;
      below = measure(below.snr_db - kFineStep_db, blocks);
    } else {
      below = above;
      above = measure(above.snr_db + kFineStep_db, blocks);
    }
  }
  return interpolate(below, above);
}

RowResult run_row(const Requirement& requirement, const CampaignOptions& options, const Progress& progress) {
  RowResult result{.requirement = &requirement};
  std::unique_ptr<SentBlocks> sent;
  try {
    sent = std::make_unique<SentBlocks>(requirement, options.link);
  } catch (const Error& error) {
    result.refused = error.what();
    return result;
  }
  Workers workers(requirement, *sent, options);
  const auto level = [&](double guess_db, bool known_channel) {
    return find_level(guess_db, options.blocks, [&](double snr_db, int blocks) {
      return workers.measure(snr_db, blocks, known_channel, progress);
    });
  };
  constexpr double kUsualMargin_db = 2.3, kUsualLoss_db = 0.4;
  result.ours = level(requirement.snr_db - kUsualMargin_db, false);
  result.known = level((result.ours.reached ? result.ours.snr_db : requirement.snr_db) - kUsualLoss_db, true);
  return result;
}

std::vector<const Requirement*> choose_rows(std::string_view words) {
  std::vector<const Requirement*> rows;
  std::vector<std::string_view> names;
  std::vector<bool> chosen(requirements().size(), words.empty());
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(','));
    words.remove_prefix(std::min(word.size() + 1, words.size()));
    bool found = false;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (word.empty() || !requirements()[i].name.starts_with(word)) continue;
      chosen[i] = found = true;
    }
    if (found) continue;
    for (const Requirement& row : requirements()) names.push_back(row.name);
    throw Error(fmt::format("no row begins with '{}'; there are {}", word, fmt::join(names, ", ")));
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i]) rows.push_back(&requirements()[i]);
  }
  return rows;
}

}  // namespace pado::station::bler
