// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "kernels/gold_sequence.h"
#include "kernels/padding.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/validate.h"
#include "phy/pusch/dmrs_map.h"
#include "phy/pusch/groups.h"
#include "phy/pusch/plan_decoding.h"

namespace pado::pusch {
namespace {

static_assert(nr::kMaxAntennas == kMaxAntennas && nr::kMaxLayers == kMaxLayers);

OfdmShape plan_ofdm(const nr::Carrier& carrier, int slot, float scale) {
  const int slot_in_subframe = slot % nr::slots_per_subframe(carrier.scs_hz);
  const nr::SlotTiming timing = nr::slot_timing(carrier.scs_hz, carrier.fft_size, slot_in_subframe);
  OfdmShape shape;
  shape.antennas = carrier.antennas;
  shape.fft_size = carrier.fft_size;
  shape.subcarriers = 12 * carrier.carrier_prb;
  shape.grid_stride = grid_stride(carrier.carrier_prb);
  shape.samples_per_slot = timing.samples;
  const double size = scale / std::sqrt(static_cast<double>(carrier.fft_size));
  for (int l = 0; l < kSymbolsPerSlot; ++l) {
    shape.symbol_start[l] = timing.symbol_start[l];
    const double angle = -2 * std::numbers::pi *
                         nr::phase_compensation_cycles(carrier.phase_compensation_hz, carrier.scs_hz, carrier.fft_size,
                                                       slot_in_subframe, l);
    shape.symbol_gain[l] = {static_cast<float>(size * std::cos(angle)), static_cast<float>(size * std::sin(angle))};
  }
  return shape;
}

void plan_dmrs(const nr::Carrier& carrier, const nr::PuschGrant& grant, const OfdmShape& ofdm, UePlan& ue) {
  const std::vector<int> symbols = nr::dmrs_symbols(grant);
  DmrsShape& d = ue.dmrs;
  d.antennas = carrier.antennas;
  d.layers = grant.layers;
  d.type = grant.dmrs.type;
  d.dmrs_symbols = static_cast<int>(symbols.size());
  d.prbs = grant.prb_count;
  d.first_subcarrier = 12 * grant.prb_start;
  d.grid_stride = ofdm.grid_stride;
  std::ranges::copy(symbols, d.dmrs_symbol.begin());
  for (int s = 0; s < d.dmrs_symbols; ++s) d.second[s] = grant.dmrs.length == 2 && s % 2 == 1;
  for (int layer = 0; layer < grant.layers; ++layer) d.port[layer] = dmrs_port(grant, layer);
  d.amplitude = static_cast<float>(std::pow(10.0, grant.dmrs.power_boost_db / 20));
  d.scs_hz = static_cast<float>(carrier.scs_hz);
  const double rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
  for (int l = 0; l < kSymbolsPerSlot; ++l)
    d.symbol_time_s[l] = static_cast<float>((ofdm.symbol_start[l] + carrier.fft_size / 2.0) / rate_hz);
  d.first_symbol = grant.symbol_start;
  d.symbols = grant.symbol_count;
  d.covariance_stride = covariance_stride(grant.prb_count);
  const int words = pilot_words(d.type, grant.prb_count);
  const int bits_per_prb = 2 * pilots_per_prb(d.type);
  ue.pilots.resize(symbols.size() * static_cast<std::size_t>(words));
  for (std::size_t s = 0; s < symbols.size(); ++s) {
    const std::uint32_t seed = nr::dmrs_seed(grant.slot, symbols[s], grant.dmrs.n_id, grant.dmrs.n_scid);
    fill_gold_sequence(seed, static_cast<std::uint64_t>(bits_per_prb * grant.prb_start),  // from CRB 0
                       std::span(ue.pilots).subspan(s * words, words));
  }
}

void plan_combining(const nr::PuschGrant& grant, UePlan& ue) {
  const DmrsShape& d = ue.dmrs;
  const int groups = 12 / kGroupSubcarriers * d.prbs;
  const int second_half = grant.symbol_start + grant.symbol_count / 2;
  const int end = grant.symbol_start + grant.symbol_count;
  ue.weights = {.antennas = d.antennas,
                .layers = d.layers,
                .joint = {},
                .groups = groups,
                .channel_stride = 0,
                .covariance_stride = d.covariance_stride,
                .group_stride = group_stride(d.prbs),
                .centre_symbol = {(grant.symbol_start + second_half) / 2, (second_half + end - 1) / 2},
                .present = {}};
  DemapShape& m = ue.demap;
  m.antennas = d.antennas;
  m.layers = d.layers;
  m.subcarriers = 12 * d.prbs;
  m.first_subcarrier = d.first_subcarrier;
  m.grid_stride = d.grid_stride;
  m.group_stride = ue.weights.group_stride;
  m.first_symbol = grant.symbol_start;
  m.symbols = grant.symbol_count;
  m.second_half = second_half;
  m.bits_per_symbol = nr::bits_per_symbol(grant.modulation);
  int bit = 0;
  for (int l = grant.symbol_start; l < end; ++l) {
    const auto dmrs_end = d.dmrs_symbol.begin() + d.dmrs_symbols;
    const bool is_dmrs = std::find(d.dmrs_symbol.begin(), dmrs_end, l) != dmrs_end;
    m.comb[l] = is_dmrs ? data_beside_dmrs(d.type, grant.dmrs.cdm_groups_without_data) : DataComb::all;
    m.first_bit[l] = bit;
    bit += data_elements_before(m.comb[l], m.subcarriers) * m.layers * m.bits_per_symbol;
  }
  ue.llrs = bit;
  ue.scrambling.resize(static_cast<std::size_t>(bit) / 32 + 4);
  fill_gold_sequence(nr::scrambling_seed(grant.rnti, grant.n_id), 0, ue.scrambling);
}

UePlan plan_ue(const nr::Carrier& carrier, const nr::PuschGrant& grant, const OfdmShape& ofdm, int max_iterations) {
  nr::validate(grant, carrier);
  UePlan ue;
  ue.rnti = grant.rnti;
  plan_dmrs(carrier, grant, ofdm, ue);
  plan_combining(grant, ue);
  plan_decoding(grant, max_iterations, ue);
  return ue;
}

std::size_t soft_bytes(const UePlan& ue) {
  return static_cast<std::size_t>(ue.rate.soft_stride) * static_cast<std::size_t>(ue.rate.code_blocks);
}

}  // namespace

PlanLimits limits_for(const nr::Carrier& carrier, std::span<const nr::PuschGrant> grants) {
  PlanLimits limits;
  std::set<std::pair<int, std::string>> processes;
  for (const nr::PuschGrant& grant : grants) {
    const UePlan ue = plan_ue(carrier, grant, plan_ofdm(carrier, grant.slot, 1), 0);
    limits.prbs = limits.group_prbs = std::max(limits.prbs, ue.dmrs.prbs);
    limits.layers = limits.group_layers = std::max(limits.layers, ue.dmrs.layers);
    limits.code_blocks = std::max(limits.code_blocks, ue.rate.code_blocks);
    limits.llrs = std::max(limits.llrs, ue.llrs);
    limits.payload_bytes = std::max(limits.payload_bytes, ue.crc.payload_bits / 8);
    limits.soft_bytes = std::max(limits.soft_bytes, soft_bytes(ue));
    limits.uci_bits = std::max(limits.uci_bits, ue.uci.bits());
    if (!grant.harq_process.empty()) processes.emplace(grant.rnti, grant.harq_process);
  }
  limits.harq_processes = static_cast<int>(processes.size());
  return limits;
}

PlanLimits limits_for_slot(const nr::Carrier& carrier, std::span<const nr::PuschGrant> grants) {
  PlanLimits limits = limits_for(carrier, grants);
  limits.ues = std::max(1, static_cast<int>(grants.size()));
  for (const PuschGroup& group : find_groups(grants)) {
    limits.group_ues = std::max(limits.group_ues, static_cast<int>(group.ues.size()));
    limits.group_layers = std::max(limits.group_layers, group.layers);
    limits.group_prbs = std::max(limits.group_prbs, group.prb_count);
  }
  return limits;
}

PlanLimits larger_of(const PlanLimits& a, const PlanLimits& b) {
  return {.ues = std::max(a.ues, b.ues),
          .harq_processes = std::max(a.harq_processes, b.harq_processes),
          .prbs = std::max(a.prbs, b.prbs),
          .layers = std::max(a.layers, b.layers),
          .group_ues = std::max(a.group_ues, b.group_ues),
          .group_layers = std::max(a.group_layers, b.group_layers),
          .group_prbs = std::max(a.group_prbs, b.group_prbs),
          .code_blocks = std::max(a.code_blocks, b.code_blocks),
          .llrs = std::max(a.llrs, b.llrs),
          .payload_bytes = std::max(a.payload_bytes, b.payload_bytes),
          .soft_bytes = std::max(a.soft_bytes, b.soft_bytes),
          .uci_bits = std::max(a.uci_bits, b.uci_bits)};
}

Limits backend_limits(const nr::Carrier& carrier, const PlanLimits& limits) {
  return {.antennas = carrier.antennas,
          .layers = limits.layers,
          .group_layers = limits.group_layers,
          .fft_size = carrier.fft_size,
          .prbs = limits.prbs,
          .code_blocks = limits.code_blocks};
}

Planner::Planner(const nr::Carrier& carrier, const PlanLimits& limits)
    : carrier_(carrier), limits_(limits), pool_(limits.harq_processes) {
  nr::validate(carrier);
}

SlotPlan Planner::plan(std::span<const nr::PuschGrant> grants, float scale, int max_ldpc_iterations) {
  if (static_cast<int>(grants.size()) > limits_.ues) {
    throw Error(fmt::format("{} users in a slot, this receiver was made for {}", grants.size(), limits_.ues));
  }
  nr::validate_slot(grants);
  SlotPlan plan;
  const int slot = grants.empty() ? 0 : grants.front().slot;
  plan.ofdm = plan_ofdm(carrier_, slot, scale);
  plan.sample_rate_hz = static_cast<float>(carrier_.scs_hz) * static_cast<float>(carrier_.fft_size);
  plan.prefix_samples = nr::slot_timing(carrier_.scs_hz, carrier_.fft_size, 0).prefix_samples[1];
  pool_.begin_slot();
  for (const nr::PuschGrant& grant : grants) {
    UePlan ue = plan_ue(carrier_, grant, plan.ofdm, max_ldpc_iterations);
    if (ue.dmrs.prbs > limits_.prbs || ue.dmrs.layers > limits_.layers || ue.rate.code_blocks > limits_.code_blocks ||
        ue.llrs > limits_.llrs || ue.crc.payload_bits / 8 > limits_.payload_bytes ||
        soft_bytes(ue) > limits_.soft_bytes || ue.uci.bits() > limits_.uci_bits) {
      throw Error(fmt::format("RNTI {}: the grant is larger than this receiver was made for", grant.rnti));
    }
    ue.dmrs.powers_alone = combining_ != Combining::mmse_irc;
    ue.weights.separately = combining_ == Combining::mrc;
    plan.ues.push_back(std::move(ue));
  }
  plan.groups = find_groups(grants);
  for (const PuschGroup& group : plan.groups) {
    if (static_cast<int>(group.ues.size()) > limits_.group_ues || group.layers > limits_.group_layers ||
        group.prb_count > limits_.group_prbs) {
      throw Error(fmt::format("{} users with {} layers share {} PRB: this receiver was made for {}, {} and {}",
                              group.ues.size(), group.layers, group.prb_count, limits_.group_ues, limits_.group_layers,
                              limits_.group_prbs));
    }
    place_in_group(group, grants, plan.ues);
  }
  // Last: what was refused has not begun a block.
  for (std::size_t i = 0; i < grants.size(); ++i) assign_buffer(grants[i], static_cast<int>(i), plan.ues[i]);
  return plan;
}

// The first buffers are the slot's own, for blocks that are sent once; then those of the HARQ processes. A block gets
// its number when it begins, whether or not its first transmission is then received.
void Planner::assign_buffer(const nr::PuschGrant& grant, int index, UePlan& ue) {
  const HarqPool::Place place = grant.harq_process.empty() ? pool_.once() : pool_.place(grant, ue.crc.payload_bits);
  ue.soft_buffer = place.buffer < 0 ? index : limits_.ues + place.buffer;
  ue.block = place.block;
}

}  // namespace pado::pusch
