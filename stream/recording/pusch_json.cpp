// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/pusch_json.h"

#include "phy/nr/dmrs.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "stream/recording/mcs_check.h"
#include "stream/recording/payload_hex.h"
#include "stream/recording/uci_fields.h"

namespace pado::stream {
namespace {

using nlohmann::json;

json dmrs_json(const nr::PuschGrant& g) {
  return {{"type", g.dmrs.type},
          {"typeA_position", g.dmrs.type_a_position},
          {"additional_position", g.dmrs.additional_position},
          {"length", g.dmrs.length},
          {"symbols", nr::dmrs_symbols(g)},
          {"ports", g.dmrs.ports},
          {"cdm_groups_without_data", g.dmrs.cdm_groups_without_data},
          {"power_boost_db", g.dmrs.power_boost_db},
          {"n_id", g.dmrs.n_id},
          {"n_scid", g.dmrs.n_scid}};
}

json uci_json(const nr::Uci& uci) {
  json result{{"alpha", uci.alpha}};
  for (std::size_t i = 0; i < uci.parts.size(); ++i) {
    const nr::UciPart& part = uci.parts[i];
    result[kUciOffsetFields[i]] = part.beta_offset;
    if (part.content.empty() && part.bits > 0) {
      result[kUciCountFields[i]] = part.bits;
    } else {
      result[kUciFields[i]] = part.content;
    }
  }
  return result;
}

}  // namespace

json pusch_json(const nr::Carrier& c, const nr::PuschGrant& g) {
  const int tbs_bits = !g.shared_channel ? 0 : g.tbs_bits != 0 ? g.tbs_bits : nr::transport_block_size(g);
  const bool whole_carrier = g.bwp_start == 0 && g.bwp_size == 0;
  const auto row = find_mcs(g.modulation, g.code_rate_x1024);
  json pusch{{"scs_hz", c.scs_hz},
             {"fft_size", c.fft_size},
             {"cyclic_prefix", "normal"},
             {"carrier_n_prb", c.carrier_prb},
             {"phase_compensation_hz", c.phase_compensation_hz},
             {"slot", g.slot},
             {"frame_slots", nr::slots_per_frame(c.scs_hz)},
             {"rnti", g.rnti},
             {"bwp_start", g.bwp_start},
             {"bwp_size", whole_carrier ? c.carrier_prb : g.bwp_size},
             {"prb_start", g.prb_start},
             {"prb_count", g.prb_count},
             {"resource_allocation", 1},
             {"symbol_start", g.symbol_start},
             {"symbol_count", g.symbol_count},
             {"mapping_type", g.mapping_type == nr::MappingType::a ? "A" : "B"},
             {"frequency_hopping", false},
             {"dmrs", dmrs_json(g)},
             {"transform_precoding", false},
             {"n_id", g.n_id},
             {"mcs_table", row ? json(recorded_name(row->table)) : json()},
             {"mcs_index", row ? json(row->index) : json()},
             {"modulation", nr::name(g.modulation)},
             {"code_rate_x1024", g.code_rate_x1024},
             {"layers", g.layers},
             {"x_overhead", g.x_overhead},
             {"tbs_bits", g.shared_channel ? json(tbs_bits) : json()},
             {"base_graph", g.shared_channel ? json(nr::base_graph(g)) : json()},
             {"lbrm", g.limited_buffer_tbs_bits ? json{{"tbs_lbrm_bits", *g.limited_buffer_tbs_bits}} : json(false)},
             {"rv", g.rv},
             {"new_data", g.new_data},
             {"harq_process", g.harq_process.empty() ? json() : json(g.harq_process)}};
  if (!g.sent_groups.empty()) pusch["cbgti"] = std::vector<int>(g.sent_groups.begin(), g.sent_groups.end());
  if (g.uci.any()) pusch["uci"] = uci_json(g.uci);
  if (!g.shared_channel) pusch["ul_sch"] = false;
  if (!g.expected_payload.empty()) {
    pusch["payload_hex"] = hex_from_bytes(g.expected_payload);
    pusch["payload_bit_order"] = "first byte, most significant bit first";
  }
  return pusch;
}

}  // namespace pado::stream
