// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/messages/slot_request.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "phy/nr/numerology.h"
#include "station/messages/fields.h"

namespace pado::station {
namespace {

constexpr std::int64_t kLastSlot = std::int64_t{1} << 40;
constexpr int kMostBlockBytes = 1 << 18;

bool names_a_row(const UplinkGrant& g) {
  const auto row = nr::mcs(g.mcs_table, g.mcs_index);
  return row && row->modulation == g.modulation && std::lround(10 * row->code_rate_x1024) == g.code_rate_x10240;
}

void allocation_fields(auto& io, auto& g) {
  io.template number<1>("user", g.user, 0, scheduler::kMaxUsers - 1);
  io.template number<2>("rnti", g.rnti, 1, 0xffff);
  io.template number<2>("prb_start", g.prb_start, 0, nr::kMaxCarrierPrb - 1);
  io.template number<2>("prb_count", g.prb_count, 1, nr::kMaxCarrierPrb);
  io.template number<1>("symbol_start", g.symbol_start, 0, nr::kSymbolsPerSlot - 1);
  io.template number<1>("symbol_count", g.symbol_count, 1, nr::kSymbolsPerSlot);
  io.template number<1>("mapping_type", g.mapping_type, 0, 1);
  io.require(g.prb_start + g.prb_count <= nr::kMaxCarrierPrb, "prb_count");
  io.require(g.symbol_start + g.symbol_count <= nr::kSymbolsPerSlot, "symbol_count");
}

void coding_fields(auto& io, auto& g) {
  io.template number<1>("mcs_table", g.mcs_table, 0, 2);
  io.template number<1>("mcs_index", g.mcs_index, 0, 31);
  io.template number<1>("modulation", g.modulation, 2, 8);
  io.template number<2>("code_rate_x10240", g.code_rate_x10240, 1, 10239);
  io.template number<1>("layers", g.layers, 1, 2);
  io.template number<2>("n_id", g.n_id, 0, 1023);
  io.template number<1>("rv", g.rv, 0, 3);
  io.template number<1>("new_data", g.new_data, 0, 1);
  io.template number<1>("process", g.process, 0, scheduler::kMaxHarqProcesses - 1);
  io.template number<4>("tbs_bytes", g.tbs_bytes, 3, kMostBlockBytes);
  io.template number<1>("base_graph", g.base_graph, 1, 2);
  io.require(names_a_row(g), "mcs_index");
}

void dmrs_fields(auto& io, auto& g) {
  io.template number<1>("dmrs_type_a_position", g.dmrs_type_a_position, 2, 3);
  io.template number<1>("dmrs_additional_position", g.dmrs_additional_position, 0, 3);
  io.template number<1>("dmrs_length", g.dmrs_length, 1, 2);
  io.template number<1>("dmrs_ports", g.dmrs_ports, 1, 15);
  io.template number<1>("dmrs_cdm_groups_without_data", g.dmrs_cdm_groups_without_data, 1, 2);
  io.template number<2>("dmrs_n_id", g.dmrs_n_id, 0, 65535);
  io.template number<1>("dmrs_n_scid", g.dmrs_n_scid, 0, 1);
  io.require(std::popcount(static_cast<unsigned>(g.dmrs_ports)) == g.layers, "dmrs_ports");
}

void fields(auto& io, auto& m) {
  io.template number<8>("slot", m.slot, 0, kLastSlot);
  io.template number<1>("grant_count", m.grant_count, 0, scheduler::kMaxUsersPerSlot);
  io.template number<1>("feedback_count", m.feedback_count, 0, kMaxFeedbacks);
  std::uint64_t users = 0;
  for (int i = 0; i < m.grant_count; ++i) {
    auto& grant = m.grants[static_cast<std::size_t>(i)];
    allocation_fields(io, grant);
    coding_fields(io, grant);
    dmrs_fields(io, grant);
    io.require((users >> grant.user & 1) == 0, "user");
    users |= std::uint64_t{1} << grant.user;
  }
  for (int i = 0; i < m.feedback_count; ++i) {
    auto& feedback = m.feedbacks[static_cast<std::size_t>(i)];
    io.template number<1>("feedback user", feedback.user, 0, scheduler::kMaxUsers - 1);
    io.template number<1>("feedback process", feedback.process, 0, scheduler::kMaxHarqProcesses - 1);
    io.template number<8>("sent_slot", feedback.sent_slot, 0, kLastSlot);
    io.template number<1>("outcome", feedback.outcome, 0, 2);
    io.require(feedback.sent_slot < m.slot, "sent_slot");
  }
}

}  // namespace

void encode(const SlotRequest& message, std::vector<std::uint8_t>& out) {
  FieldWriter writer(MessageType::slot_request, out);
  fields(writer, message);
  writer.finish();
}

MessageCheck decode(std::span<const std::uint8_t> body, SlotRequest& message) noexcept {
  message.grant_count = message.feedback_count = 0;
  FieldReader reader(body);
  fields(reader, message);
  return reader.finish();
}

nr::PuschGrant pusch_grant(const UplinkGrant& g, int slot, bool is_new, int block) {
  nr::PuschGrant grant;
  grant.slot = slot;
  grant.rnti = g.rnti;
  grant.prb_start = g.prb_start;
  grant.prb_count = g.prb_count;
  grant.symbol_start = g.symbol_start;
  grant.symbol_count = g.symbol_count;
  grant.mapping_type = g.mapping_type;
  grant.dmrs.type_a_position = g.dmrs_type_a_position;
  grant.dmrs.additional_position = g.dmrs_additional_position;
  grant.dmrs.length = g.dmrs_length;
  grant.dmrs.ports.clear();
  for (int port = 0; port < 4; ++port) {
    if ((g.dmrs_ports >> port & 1) != 0) grant.dmrs.ports.push_back(port);
  }
  grant.dmrs.cdm_groups_without_data = g.dmrs_cdm_groups_without_data;
  grant.dmrs.power_boost_db = g.dmrs_cdm_groups_without_data == 2 ? 3 : 0;  // TS 38.214, table 6.2.2-1
  grant.dmrs.n_id = g.dmrs_n_id;
  grant.dmrs.n_scid = g.dmrs_n_scid;
  grant.n_id = g.n_id;
  grant.modulation = g.modulation;
  grant.code_rate_x1024 = g.code_rate_x10240 / 10.0;
  grant.layers = g.layers;
  grant.tbs_bits = 8 * g.tbs_bytes;
  grant.base_graph = g.base_graph;
  grant.rv = g.rv;
  grant.new_data = is_new;
  grant.harq_process.push_back(static_cast<char>('a' + g.process));
  grant.block = block;
  return grant;
}

}  // namespace pado::station
