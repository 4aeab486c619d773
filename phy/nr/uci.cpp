// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/uci.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "phy/nr/code_block_groups.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/polar_code.h"
#include "phy/nr/segmentation.h"
#include "phy/nr/tbs.h"

namespace pado::nr {
namespace {

// Bits of the check in the formulas of TS 38.212, 6.3.2.4.
int crc_bits(int bits) { return bits >= 20 ? 11 : bits >= 12 ? 6 : 0; }

int round_up(double value) { return static_cast<int>(std::ceil(value - 1e-9)); }

// What the formulas of Q' have in common.
class SizeRule {
 public:
  explicit SizeRule(const PuschGrant& g) : grant_(g), region_(uci_region(g)) {
    int first = 0;
    while (first < region_.symbols && !region_.dmrs[first]) ++first;
    while (first < region_.symbols && region_.dmrs[first]) ++first;
    for (int l = 0; l < region_.symbols; ++l) {
      all_ += region_.control_elements(l);
      if (l >= first) after_dmrs_ += region_.control_elements(l);
    }
    if (g.shared_channel) {
      const Segmentation s = segment(g.tbs_bits != 0 ? g.tbs_bits : transport_block_size(g), base_graph(g));
      const int blocks = count_blocks(sent_blocks(g, s.code_blocks));
      elements_per_bit_ = static_cast<double>(all_) / (static_cast<double>(blocks) * s.information_bits);
    } else {
      elements_per_bit_ = 1024 / (g.code_rate_x1024 * bits_per_symbol(g.modulation));
    }
  }

  [[nodiscard]] int all() const { return all_; }
  /// By the part's bits and its offset alone.
  [[nodiscard]] int wanted(const UciPart& part, int bits) const {
    return bits == 0 ? 0 : round_up((bits + crc_bits(bits)) * part.beta_offset * elements_per_bit_);
  }
  [[nodiscard]] int harq_ack(int bits) const {
    return std::min(wanted(grant_.uci.harq_ack(), bits), round_up(grant_.uci.alpha * after_dmrs_));
  }
  [[nodiscard]] int limit() const { return round_up(grant_.uci.alpha * all_); }

 private:
  const PuschGrant& grant_;
  UciRegion region_;
  int all_ = 0, after_dmrs_ = 0;
  double elements_per_bit_ = 0;
};

void check_room(const PuschGrant& g, const UciSizes& sizes) {
  for (int part = 0; part < kUciParts; ++part) {
    const int bits = g.uci.parts[part].bits;
    if (bits == 0) continue;
    const int coded = sizes.elements[part] * g.layers * bits_per_symbol(g.modulation);
    const auto refuse = [&](std::string_view why) {
      throw Error(
          fmt::format("uci {}: {} bits do not fit the {} coded bits that the allocation, beta_offset {} and "
                      "alpha {} leave{}",
                      kUciPartNames[part], bits, coded, g.uci.parts[part].beta_offset, g.uci.alpha, why));
    };
    if (coded < bits) refuse("");
    if (bits < 12) continue;
    if (const int block = polar_segmentation(bits, coded).block_coded_bits; block > kMaxPolarCodedBits) {
      throw Error(fmt::format("uci {}: {} coded bits in a block, at most {} are sent", kUciPartNames[part], block,
                              kMaxPolarCodedBits));
    }
    try {
      (void)polar_code(polar_segmentation(bits, coded));
    } catch (const Error& error) {
      refuse(fmt::format(": {}", error.what()));
    }
  }
}

}  // namespace

UciRegion uci_region(const PuschGrant& g) {
  UciRegion region{.symbols = g.symbol_count, .bits_per_element = g.layers * bits_per_symbol(g.modulation)};
  const auto elements = data_elements_by_symbol(g);
  std::copy_n(elements.begin() + g.symbol_start, g.symbol_count, region.elements.begin());
  for (const int l : dmrs_symbols(g)) region.dmrs[l - g.symbol_start] = true;
  return region;
}

UciSizes uci_sizes(const PuschGrant& g) {
  const SizeRule rule(g);
  const Uci& uci = g.uci;
  UciSizes sizes;
  sizes.elements[0] = rule.harq_ack(uci.harq_ack().bits);
  sizes.reserved = punctures(uci) ? rule.harq_ack(2) : 0;
  const int beside_part1 = punctures(uci) ? sizes.reserved : sizes.elements[0];
  const int beside_part2 = punctures(uci) ? 0 : sizes.elements[0];
  const int part1 = uci.parts[1].bits, part2 = uci.parts[2].bits;
  const int limit = g.shared_channel ? rule.limit() : rule.all();
  const auto room = [limit](int taken) { return std::max(limit - taken, 0); };
  // Without a transport block the last part takes what is left.
  if (part1 != 0) {
    const bool takes_rest = !g.shared_channel && part2 == 0;
    sizes.elements[1] =
        takes_rest ? room(beside_part1) : std::min(rule.wanted(uci.parts[1], part1), room(beside_part1));
  }
  if (part2 != 0) {
    const int left = room(beside_part2 + sizes.elements[1]);
    sizes.elements[2] = g.shared_channel ? std::min(rule.wanted(uci.parts[2], part2), left) : left;
  }
  check_room(g, sizes);
  return sizes;
}

int shared_channel_bits(const PuschGrant& g) {
  const int per_element = g.layers * bits_per_symbol(g.modulation);
  const int all = data_elements(g) * per_element;
  if (!g.shared_channel) return 0;
  if (!g.uci.any()) return all;
  const UciSizes sizes = uci_sizes(g);
  const int taken = (punctures(g.uci) ? 0 : sizes.elements[0]) + sizes.elements[1] + sizes.elements[2];
  return all - taken * per_element;
}

}  // namespace pado::nr
