// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "kernels/padding.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/validate.h"

namespace pado::pusch {
namespace {

std::uint16_t bits_of_layers(int first, int count) { return static_cast<std::uint16_t>(((1U << count) - 1U) << first); }

// Whether the pilots of one are heard, and told apart, as those of ports beside the other's: the same elements, the
// same sequence. Anything else is interference like any other.
bool send_orthogonal_pilots(const nr::PuschGrant& a, const nr::PuschGrant& b) {
  return nr::share_elements(a, b) && a.dmrs.type == b.dmrs.type && a.dmrs.n_id == b.dmrs.n_id &&
         a.dmrs.n_scid == b.dmrs.n_scid && nr::dmrs_symbols(a) == nr::dmrs_symbols(b);
}

// Layers of a user that are sent in some of these symbols.
std::uint16_t sent_in(const nr::PuschGrant& grant, const UePlan& ue, int first_symbol, int end_symbol) {
  const bool sent = grant.symbol_start < end_symbol && first_symbol < grant.symbol_start + grant.symbol_count;
  return sent ? bits_of_layers(ue.dmrs.first_layer, ue.dmrs.layers) : std::uint16_t{0};
}

void place_beside(const nr::PuschGrant& grant, const nr::PuschGrant& other_grant, const UePlan& other, UePlan& ue) {
  const DemapShape& demap = ue.demap;
  const int end = demap.first_symbol + demap.symbols;
  ue.weights.present[0] |= sent_in(other_grant, other, demap.first_symbol, demap.second_half);
  ue.weights.present[1] |= sent_in(other_grant, other, demap.second_half, end);
  for (int symbol = demap.first_symbol; symbol < end; ++symbol)
    ue.demap.present[symbol] |= sent_in(other_grant, other, symbol, symbol + 1);
  if (&other == &ue || !send_orthogonal_pilots(grant, other_grant)) return;
  for (int layer = 0; layer < other.dmrs.layers; ++layer) {
    const DmrsPort& port = other.dmrs.port[layer];
    ue.dmrs.co_scheduled[port.cdm_group] |= port_code(port.alternating, port.second_minus);
  }
}

}  // namespace

DmrsPort dmrs_port(const nr::PuschGrant& grant, int layer) {
  const nr::DmrsPortRow row = nr::dmrs_port(grant.dmrs.type, grant.dmrs.ports[layer]);
  return {.cdm_group = row.cdm_group, .alternating = row.alternating, .second_minus = row.second_minus};
}

std::vector<PuschGroup> find_groups(std::span<const nr::PuschGrant> grants) {
  const int count = static_cast<int>(grants.size());
  std::vector<int> root(grants.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int ue) {
    while (root[ue] != ue) ue = root[ue] = root[root[ue]];
    return ue;
  };
  for (int a = 0; a < count; ++a)
    for (int b = 0; b < a; ++b)
      if (nr::share_elements(grants[a], grants[b])) root[std::max(find(a), find(b))] = std::min(find(a), find(b));
  std::vector<PuschGroup> groups;
  std::vector<int> group_of(grants.size());
  for (int ue = 0; ue < count; ++ue) {
    const nr::PuschGrant& grant = grants[ue];
    if (find(ue) == ue) {
      group_of[ue] = static_cast<int>(groups.size());
      groups.push_back({.ues = {}, .layers = 0, .prb_start = grant.prb_start, .prb_count = 0});
    }
    PuschGroup& group = groups[group_of[find(ue)]];
    const int end = std::max(group.prb_start + group.prb_count, grant.prb_start + grant.prb_count);
    group.ues.push_back(ue);
    group.layers += grant.layers;
    group.prb_start = std::min(group.prb_start, grant.prb_start);
    group.prb_count = end - group.prb_start;
    if (group.layers > kMaxJointLayers) {
      throw Error(fmt::format("rnti {}: {} layers share PRBs with it, directly or through others; at most {} can",
                              grant.rnti, group.layers, kMaxJointLayers));
    }
  }
  return groups;
}

void place_in_group(const PuschGroup& group, std::span<const nr::PuschGrant> grants, std::vector<UePlan>& ues) {
  JointLayers joint;
  for (std::size_t place = 0; place < group.ues.size(); ++place) {
    const int index = group.ues[place];
    UePlan& ue = ues[index];
    ue.place = static_cast<int>(place);
    ue.dmrs.first_layer = joint.count;
    ue.dmrs.channel_layers = group.layers;
    ue.dmrs.channel_offset = 12 * (grants[index].prb_start - group.prb_start);
    ue.dmrs.channel_stride = ue.weights.channel_stride = ue.demap.channel_stride = channel_stride(group.prb_count);
    for (int layer = 0; layer < ue.dmrs.layers; ++layer)
      joint.summary[joint.count++] = static_cast<std::uint16_t>(index);
  }
  for (const int index : group.ues) {
    UePlan& ue = ues[index];
    joint.first_own = ue.dmrs.first_layer;
    ue.weights.joint = ue.demap.joint = joint;
    for (const int other : group.ues) place_beside(grants[index], grants[other], ues[other], ue);
  }
}

}  // namespace pado::pusch
