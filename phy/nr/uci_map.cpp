// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/uci_map.h"

#include <algorithm>
#include <numeric>

namespace pado::nr {
namespace {

using Elements = std::vector<std::int32_t>;
using PerHop = std::array<int, 2>;

/// Elements of the allocation, or of one hop: symbols begin .. end - 1.
struct Hop {
  int begin = 0, end = 0;
  int after_dmrs = 0;  // l^(i): the first symbol without DM-RS behind the first ones with it
};

Elements without(const Elements& from, const Elements& taken) {
  Elements rest;
  std::ranges::set_difference(from, taken, std::back_inserter(rest));
  return rest;
}

/// Takes the sets of TS 38.212, 6.2.7, step by step. Counts of coded bits are in elements (N_L Q_m bits each).
class Multiplexer {
 public:
  Multiplexer(const UciRegion& region, const UciSizes& sizes, int harq_ack_bits, bool shared_channel)
      : region_(region), sizes_(sizes), punctures_(harq_ack_bits <= 2), shared_channel_(shared_channel) {
    std::int32_t next = 0;
    for (int l = 0; l < region.symbols; ++l) {
      data_[l].resize(static_cast<std::size_t>(region.elements[l]));
      std::iota(data_[l].begin(), data_[l].end(), next);
      next += region.elements[l];
      if (!region.dmrs[l]) control_[l] = data_[l];
    }
    const int split = region.second_hop > 0 ? region.second_hop : region.symbols;
    hops_.push_back(hop(0, split));
    if (split < region.symbols) hops_.push_back(hop(split, region.symbols));
  }

  UciMap map() {
    const int part1 = sizes_.elements[1], part2 = sizes_.elements[2];
    const PerHop reserved = halves(sizes_.reserved), harq_ack = split_harq_ack(),
                 csi1 = split_part1(harq_ack, reserved);
    const PerHop csi2 = split_part2(harq_ack, csi1);
    if (punctures_) reserve(reserved);
    if (!punctures_) place(0, harq_ack, /*after_dmrs=*/true, /*avoid_reserved=*/false);
    if (part1 > 0) place(1, csi1, false, true);
    if (part2 > 0) place(2, csi2, false, false);
    if (shared_channel_) collect_data();
    if (punctures_ && sizes_.elements[0] > 0) puncture(harq_ack);
    return std::move(map_);
  }

 private:
  [[nodiscard]] Hop hop(int begin, int end) const {
    Hop h{.begin = begin, .end = end, .after_dmrs = begin};
    while (h.after_dmrs < end && !region_.dmrs[h.after_dmrs]) ++h.after_dmrs;
    while (h.after_dmrs < end && region_.dmrs[h.after_dmrs]) ++h.after_dmrs;
    return h;
  }
  [[nodiscard]] bool hops() const { return hops_.size() > 1; }
  [[nodiscard]] int room(int begin, int end) const {
    int sum = 0;
    for (int l = begin; l < end; ++l) sum += region_.control_elements(l);
    return sum;
  }
  [[nodiscard]] int room(std::size_t of_hop) const { return room(hops_[of_hop].begin, hops_[of_hop].end); }

  // How many elements of a part each hop gets: "if frequency hopping is configured for the PUSCH".
  [[nodiscard]] PerHop halves(int all) const { return hops() ? PerHop{all / 2, all - all / 2} : PerHop{all, 0}; }
  [[nodiscard]] PerHop split_harq_ack() const {
    PerHop split = halves(sizes_.elements[0]);
    if (!hops() || shared_channel_) return split;
    split[0] = std::min(split[0], room(hops_[0].after_dmrs, hops_[0].end));
    return {split[0], sizes_.elements[0] - split[0]};
  }
  [[nodiscard]] PerHop split_part1(const PerHop& harq_ack, const PerHop& reserved) const {
    PerHop split = halves(sizes_.elements[1]);
    if (!hops() || shared_channel_) return split;
    const int taken = punctures_ ? reserved[0] : harq_ack[0];
    const bool takes_rest = sizes_.elements[2] == 0 && sizes_.elements[0] > 0;
    split[0] = takes_rest ? room(0) - harq_ack[0] : std::min(split[0], room(0) - taken);
    return {split[0], sizes_.elements[1] - split[0]};
  }
  [[nodiscard]] PerHop split_part2(const PerHop& harq_ack, const PerHop& part1) const {
    if (!hops() || shared_channel_) return halves(sizes_.elements[2]);
    const auto left = [&](std::size_t i) { return room(i) - part1[i] - (punctures_ ? 0 : harq_ack[i]); };
    return {left(0), left(1)};
  }

  // Spreads what is still to be placed evenly over a symbol's candidates, or takes them all.
  static Elements spread(const Elements& candidates, int wanted) {
    const int have = static_cast<int>(candidates.size());
    if (wanted >= have) return candidates;
    Elements taken;
    const int step = have / wanted;
    for (int i = 0; i < wanted; ++i) taken.push_back(candidates[static_cast<std::size_t>(i * step)]);
    return taken;
  }

  // Step 1.
  void reserve(const PerHop& wanted) {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      int left = wanted[i];
      for (int l = hops_[i].after_dmrs; l < hops_[i].end && left > 0; ++l) {
        if (control_[l].empty()) continue;
        reserved_[l] = spread(control_[l], left);
        left -= static_cast<int>(reserved_[l].size());
      }
    }
  }

  // Steps 2 and 3.
  void place(int part, const PerHop& wanted, bool after_dmrs, bool avoid_reserved) {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      int left = wanted[i];
      for (int l = after_dmrs ? hops_[i].after_dmrs : hops_[i].begin; l < hops_[i].end && left > 0; ++l) {
        const Elements candidates = avoid_reserved ? without(control_[l], reserved_[l]) : control_[l];
        if (candidates.empty()) continue;
        const Elements taken = spread(candidates, left);
        left -= static_cast<int>(taken.size());
        map_.parts[part].insert(map_.parts[part].end(), taken.begin(), taken.end());
        control_[l] = without(control_[l], taken);
        data_[l] = without(data_[l], taken);
      }
    }
  }

  // Step 4.
  void collect_data() {
    for (int l = 0; l < region_.symbols; ++l) {
      for (const std::int32_t element : data_[l]) {
        if (!map_.data.empty() && map_.data.back().first + map_.data.back().count == element) {
          ++map_.data.back().count;
        } else {
          map_.data.push_back({element, 1});
        }
      }
    }
  }

  // Step 5. What CSI part 2 has taken of the reserved elements, HARQ-ACK takes from it.
  void puncture(const PerHop& wanted) {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      int left = wanted[i];
      for (int l = hops_[i].after_dmrs; l < hops_[i].end && left > 0; ++l) {
        if (reserved_[l].empty()) continue;
        const Elements taken = spread(reserved_[l], left);
        left -= static_cast<int>(taken.size());
        map_.parts[0].insert(map_.parts[0].end(), taken.begin(), taken.end());
      }
    }
    std::int32_t before = 0;
    for (const ElementRun& run : map_.data) {
      for (const std::int32_t element : map_.parts[0])
        if (element >= run.first && element < run.first + run.count)
          map_.punctured.push_back(before + element - run.first);
      before += run.count;
    }
  }

  const UciRegion& region_;
  const UciSizes& sizes_;
  bool punctures_, shared_channel_;
  std::array<Elements, kSymbolsPerSlot> data_, control_, reserved_;
  std::vector<Hop> hops_;
  UciMap map_;
};

}  // namespace

UciMap uci_map(const UciRegion& region, const UciSizes& sizes, int harq_ack_bits, bool shared_channel) {
  return Multiplexer(region, sizes, harq_ack_bits, shared_channel).map();
}

UciMap uci_map(const PuschGrant& grant) {
  return uci_map(uci_region(grant), uci_sizes(grant), grant.uci.harq_ack().bits, grant.shared_channel);
}

}  // namespace pado::nr
