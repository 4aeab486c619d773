// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/annotation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/nr/validate.h"
#include "stream/recording/coding_fields.h"
#include "stream/recording/json_fields.h"
#include "stream/recording/mcs_check.h"
#include "stream/recording/payload_hex.h"
#include "stream/recording/uci_fields.h"

namespace pado::stream {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxProcessName = 32;

void require_contiguous(const JsonFields& pusch) {
  const int type = pusch.integer("resource_allocation");
  if (type != 0 && type != 1) pusch.refuse("resource_allocation", "0 or 1");
  if (!pusch.has("prbs")) {
    if (type == 0) throw Error("resource_allocation 0 needs the list prbs, which is missing");
    return;
  }
  const std::vector<int> prbs = pusch.integers("prbs");
  if (prbs.empty()) throw Error("prbs is empty");
  for (std::size_t i = 1; i < prbs.size(); ++i) {
    if (prbs[i] != static_cast<std::int64_t>(prbs[i - 1]) + 1) {
      throw UnsupportedError(fmt::format(
          "prbs skips from {} to {}: a non-contiguous allocation (type 0) is not supported", prbs[i - 1], prbs[i]));
    }
  }
  if (prbs.front() != pusch.integer("prb_start") ||
      prbs.size() != static_cast<std::size_t>(std::max(pusch.integer("prb_count"), 0))) {
    throw Error(fmt::format("prbs {} to {} contradict prb_start {} and prb_count {}", prbs.front(), prbs.back(),
                            pusch.integer("prb_start"), pusch.integer("prb_count")));
  }
}

/// Features that the format can express and Pado lacks; first, since some of them change which fields there are.
void require_supported(const JsonFields& pusch) {
  const std::string prefix = pusch.text("cyclic_prefix");
  if (prefix == "extended") throw UnsupportedError("cyclic_prefix extended is not supported");
  if (prefix != "normal") pusch.refuse("cyclic_prefix", "normal or extended");
  if (pusch.flag("transform_precoding")) {
    throw UnsupportedError("transform_precoding: DFT-s-OFDM is not supported");
  }
  if (pusch.text("modulation") == "pi/2-BPSK") throw UnsupportedError("modulation pi/2-BPSK is not supported");
  if (!pusch.is_false("frequency_hopping")) throw UnsupportedError("frequency_hopping is not supported");
  require_contiguous(pusch);
  if (pusch.has("payload_bit_order") && pusch.text("payload_bit_order") != "first byte, most significant bit first") {
    throw UnsupportedError("payload_bit_order other than \"first byte, most significant bit first\" is not supported");
  }
}

nr::Carrier read_carrier(const JsonFields& pusch, int antennas) {
  nr::Carrier carrier{.scs_hz = pusch.integer("scs_hz"),
                      .carrier_prb = pusch.integer("carrier_n_prb"),
                      .fft_size = pusch.integer("fft_size"),
                      .phase_compensation_hz = pusch.number("phase_compensation_hz"),
                      .antennas = antennas};
  nr::validate(carrier);
  const int slots = nr::slots_per_frame(carrier.scs_hz);
  if (pusch.integer("frame_slots") != slots) {
    throw Error(fmt::format("frame_slots {} contradicts scs_hz {}, which has {} slots a frame",
                            pusch.integer("frame_slots"), carrier.scs_hz, slots));
  }
  return carrier;
}

nr::Dmrs read_dmrs(const JsonFields& dmrs) {
  return {.type = dmrs.integer("type"),
          .type_a_position = dmrs.integer("typeA_position"),
          .additional_position = dmrs.integer("additional_position"),
          .length = dmrs.integer("length"),
          .ports = dmrs.integers("ports"),
          .cdm_groups_without_data = dmrs.integer("cdm_groups_without_data"),
          .power_boost_db = dmrs.number("power_boost_db"),
          .n_id = dmrs.integer("n_id"),
          .n_scid = dmrs.integer("n_scid")};
}

nr::MappingType read_mapping_type(const JsonFields& pusch) {
  const std::string text = pusch.text("mapping_type");
  if (text == "A") return nr::MappingType::a;
  if (text != "B") pusch.refuse("mapping_type", "A or B");
  return nr::MappingType::b;
}

nr::Modulation read_modulation(const JsonFields& pusch) {
  const auto modulation = nr::modulation_from_name(pusch.text("modulation"));
  if (!modulation) pusch.refuse("modulation", "QPSK, 16QAM, 64QAM or 256QAM");
  return *modulation;
}

std::string read_harq_process(const JsonFields& pusch) {
  if (!pusch.has("harq_process")) return {};
  const json& value = pusch.member("harq_process");
  if (value.is_number_integer()) return shown(value);
  const std::string text = pusch.text("harq_process");
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (text.empty() || text.size() > kMaxProcessName || !printable) {
    pusch.refuse("harq_process", "null or a name of 1 to 32 printable characters");
  }
  return text;
}

std::vector<std::uint8_t> read_payload(const JsonFields& pusch, int tbs_bits) {
  if (!pusch.has("payload_hex")) return {};
  const std::string hex = pusch.text("payload_hex");
  if (hex.size() * 4 != static_cast<std::size_t>(tbs_bits)) {
    throw Error(
        fmt::format("payload_hex has {} digits, {} bits, but tbs_bits is {}", hex.size(), hex.size() * 4, tbs_bits));
  }
  try {
    return bytes_from_hex(hex);
  } catch (const Error& error) {
    throw Error(fmt::format("payload_hex: {}", error.what()));
  }
}

nr::PuschGrant read_grant(const JsonFields& pusch) {
  nr::PuschGrant g;
  g.slot = pusch.integer("slot");
  g.rnti = pusch.integer("rnti");
  g.bwp_start = pusch.integer("bwp_start");
  g.bwp_size = pusch.integer("bwp_size");
  g.prb_start = pusch.integer("prb_start");
  g.prb_count = pusch.integer("prb_count");
  g.symbol_start = pusch.integer("symbol_start");
  g.symbol_count = pusch.integer("symbol_count");
  g.mapping_type = read_mapping_type(pusch);
  g.dmrs = read_dmrs(pusch.object("dmrs"));
  g.n_id = pusch.integer("n_id");
  g.modulation = read_modulation(pusch);
  g.code_rate_x1024 = pusch.number("code_rate_x1024");
  g.layers = pusch.integer("layers");
  if (g.bwp_size < 1) pusch.refuse("bwp_size", "at least 1");
  if (pusch.has("uci")) {
    const JsonFields uci = pusch.object("uci");
    g.uci = read_uci(uci);
  }
  g.shared_channel = !pusch.has("ul_sch") || pusch.flag("ul_sch");
  if (!g.shared_channel) return g;
  g.x_overhead = pusch.integer("x_overhead");
  g.tbs_bits = pusch.integer("tbs_bits");
  g.base_graph = pusch.integer("base_graph");
  g.rv = pusch.integer("rv");
  g.new_data = pusch.flag("new_data");
  g.harq_process = read_harq_process(pusch);
  if (!pusch.is_false("lbrm")) {
    const JsonFields lbrm = pusch.object("lbrm");
    g.limited_buffer_tbs_bits = read_lbrm(lbrm);
  }
  if (pusch.has("cbgti")) g.sent_groups = read_cbgti(pusch);
  if (g.tbs_bits < 1) pusch.refuse("tbs_bits", "above 0");
  if (g.base_graph != 1 && g.base_graph != 2) pusch.refuse("base_graph", "1 or 2");
  return g;
}

/// What is said twice has to be said alike; the grant has passed validate.
void check_contradictions(const JsonFields& pusch, const nr::PuschGrant& g) {
  const std::vector<int> symbols = nr::dmrs_symbols(g);
  const std::vector<int> stated = pusch.object("dmrs").integers("symbols");
  if (stated != symbols) {
    throw Error(
        fmt::format("dmrs symbols [{}] contradict mapping_type, additional_position and length, which give [{}]",
                    fmt::join(stated, ","), fmt::join(symbols, ",")));
  }
  if (pusch.has("mcs_index")) check_mcs(mcs_table_from_name(pusch.text("mcs_table")), pusch.integer("mcs_index"), g);
  if (!g.shared_channel) return;
  check_block_size(g);
  // That of a retransmission was chosen at its first transmission's code rate.
  if (const int graph = nr::base_graph(g.tbs_bits, g.code_rate_x1024); g.new_data && g.base_graph != graph) {
    throw Error(fmt::format("base_graph {} contradicts tbs_bits {} and code_rate_x1024 {}, which give {}",
                            pusch.integer("base_graph"), g.tbs_bits, g.code_rate_x1024, graph));
  }
  if (!g.new_data && g.harq_process.empty()) {
    throw Error("new_data false contradicts harq_process null, a block sent once");
  }
}

}  // namespace

AnnotatedPusch read_pusch(const json& pusch, int antennas) {
  if (!pusch.is_object()) throw Error(fmt::format("pado:pusch {} is not an object", shown(pusch)));
  const JsonFields fields(pusch, "");
  require_supported(fields);
  AnnotatedPusch result{.carrier = read_carrier(fields, antennas), .grant = read_grant(fields)};
  nr::PuschGrant& grant = result.grant;
  nr::validate(grant, result.carrier);
  check_contradictions(fields, grant);
  if (grant.shared_channel) grant.expected_payload = read_payload(fields, grant.tbs_bits);
  return result;
}

}  // namespace pado::stream
