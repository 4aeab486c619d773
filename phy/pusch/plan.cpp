// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/gold_sequence.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/validate.h"
#include "phy/pusch/plan_decoding.h"

namespace pado::pusch {
namespace {

constexpr int round_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

int grid_stride(const nr::Carrier& carrier) { return round_up(12 * carrier.carrier_prb, 16); }

OfdmShape plan_ofdm(const nr::Carrier& carrier, int slot, float scale) {
  const int slot_in_subframe = slot % nr::slots_per_subframe(carrier.scs_hz);
  const nr::SlotTiming timing = nr::slot_timing(carrier.scs_hz, carrier.fft_size, slot_in_subframe);
  OfdmShape shape;
  shape.antennas = carrier.antennas;
  shape.fft_size = carrier.fft_size;
  shape.subcarriers = 12 * carrier.carrier_prb;
  shape.grid_stride = grid_stride(carrier);
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
  d.dmrs_symbols = static_cast<int>(symbols.size());
  d.prbs = grant.prb_count;
  d.first_subcarrier = 12 * grant.prb_start;
  d.grid_stride = ofdm.grid_stride;
  std::ranges::copy(symbols, d.dmrs_symbol.begin());
  for (int layer = 0; layer < grant.layers; ++layer) {
    const int port = grant.dmrs.ports[layer];
    d.port[layer] = {.comb = nr::dmrs_comb(port), .alternating = nr::dmrs_alternates(port)};
  }
  d.amplitude = static_cast<float>(std::pow(10.0, grant.dmrs.power_boost_db / 20));
  d.scs_hz = static_cast<float>(carrier.scs_hz);
  const double rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
  for (int l = 0; l < kSymbolsPerSlot; ++l)
    d.symbol_time_s[l] = static_cast<float>((ofdm.symbol_start[l] + carrier.fft_size / 2.0) / rate_hz);
  d.first_symbol = grant.symbol_start;
  d.symbols = grant.symbol_count;
  d.channel_stride = round_up(12 * grant.prb_count, 64);
  d.covariance_stride = round_up(grant.prb_count, 16);
  const int words = pilot_words(grant.prb_count);
  ue.pilots.resize(symbols.size() * static_cast<std::size_t>(words));
  for (std::size_t s = 0; s < symbols.size(); ++s) {
    const std::uint32_t seed = nr::dmrs_seed(grant.slot, symbols[s], grant.dmrs.n_id, grant.dmrs.n_scid);
    fill_gold_sequence(seed, static_cast<std::uint64_t>(12 * grant.prb_start),  // 6 pilots of 2 bits a PRB, from CRB 0
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
                .groups = groups,
                .channel_stride = d.channel_stride,
                .covariance_stride = d.covariance_stride,
                .group_stride = round_up(groups, 16),
                .centre_symbol = {(grant.symbol_start + second_half) / 2, (second_half + end - 1) / 2}};
  DemapShape& m = ue.demap;
  m.antennas = d.antennas;
  m.layers = d.layers;
  m.subcarriers = 12 * d.prbs;
  m.first_subcarrier = d.first_subcarrier;
  m.grid_stride = d.grid_stride;
  m.channel_stride = d.channel_stride;
  m.group_stride = ue.weights.group_stride;
  m.first_symbol = grant.symbol_start;
  m.symbols = grant.symbol_count;
  m.second_half = second_half;
  m.bits_per_symbol = nr::bits_per_symbol(grant.modulation);
  int bit = 0;
  for (int l = grant.symbol_start; l < end; ++l) {
    const auto dmrs_end = d.dmrs_symbol.begin() + d.dmrs_symbols;
    const bool is_dmrs = std::find(d.dmrs_symbol.begin(), dmrs_end, l) != dmrs_end;
    m.comb[l] = !is_dmrs ? DataComb::all : grant.dmrs.cdm_groups_without_data == 1 ? DataComb::odd : DataComb::none;
    m.first_bit[l] = bit;
    const int elements = m.comb[l] == DataComb::all   ? m.subcarriers
                         : m.comb[l] == DataComb::odd ? m.subcarriers / 2
                                                      : 0;
    bit += elements * m.layers * m.bits_per_symbol;
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

}  // namespace

PlanLimits limits_for(const nr::Carrier& carrier, std::span<const nr::PuschGrant> grants) {
  PlanLimits limits;
  std::map<std::pair<int, std::string>, int> processes;
  for (const nr::PuschGrant& grant : grants) {
    const UePlan ue = plan_ue(carrier, grant, plan_ofdm(carrier, grant.slot, 1), 0);
    limits.prbs = std::max(limits.prbs, ue.dmrs.prbs);
    limits.layers = std::max(limits.layers, ue.dmrs.layers);
    limits.code_blocks = std::max(limits.code_blocks, ue.rate.code_blocks);
    limits.llrs = std::max(limits.llrs, ue.llrs);
    limits.payload_bytes = std::max(limits.payload_bytes, ue.crc.payload_bits / 8);
    limits.soft_bytes = std::max(limits.soft_bytes, static_cast<std::size_t>(ue.rate.soft_stride) *
                                                        static_cast<std::size_t>(ue.rate.code_blocks));
    limits.uci_bits = std::max(limits.uci_bits, ue.uci.bits());
    if (!grant.harq_process.empty()) processes[{grant.rnti, grant.harq_process}] = 1;
  }
  limits.harq_processes = static_cast<int>(processes.size());
  return limits;
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
        static_cast<std::size_t>(ue.rate.soft_stride) * ue.rate.code_blocks > limits_.soft_bytes ||
        ue.uci.bits() > limits_.uci_bits) {
      throw Error(fmt::format("RNTI {}: the grant is larger than this receiver was made for", grant.rnti));
    }
    assign_buffer(grant, static_cast<int>(plan.ues.size()), ue);
    plan.ues.push_back(std::move(ue));
  }
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
