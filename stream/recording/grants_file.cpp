// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/grants_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "stream/recording/coding_fields.h"
#include "stream/recording/mcs_check.h"
#include "stream/recording/payload_hex.h"
#include "stream/recording/uci_fields.h"
#include "stream/recording/yaml_fields.h"

namespace pado::stream {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;

void read_placement(YamlFields recording, GrantsFile& file) {
  if (recording.has("full_scale")) {
    file.full_scale = recording.number("full_scale");
    if (!(*file.full_scale > 0)) recording.refuse("full_scale", "not above 0");
  }
  if (recording.has("first_sample")) file.first_sample = recording.long_integer("first_sample");
  if (file.first_sample < 0) recording.refuse("first_sample", "not at least 0");
  file.first_slot = recording.integer_or("first_slot", 0);
  if (file.first_slot < 0 || file.first_slot >= nr::slots_per_frame(file.scs_hz)) {
    recording.refuse("first_slot", fmt::format("{} is not from 0 to {}, a slot in the frame", file.first_slot,
                                               nr::slots_per_frame(file.scs_hz) - 1));
  }
  if (recording.has("slots")) {
    file.slots = recording.long_integer("slots");
    if (*file.slots < 1) recording.refuse("slots", "not at least 1");
  }
  recording.refuse_unknown();
}

nr::Dmrs read_dmrs(YamlFields dmrs) {
  nr::Dmrs d;
  d.type = dmrs.integer_or("type", d.type);
  if (d.type != 1 && d.type != 2) dmrs.refuse("type", fmt::format("{} is not 1 or 2", d.type));
  d.type_a_position = dmrs.integer_or("typeA_position", d.type_a_position);
  d.additional_position = dmrs.integer("additional_position");
  d.length = dmrs.integer_or("length", d.length);
  if (dmrs.has("ports")) d.ports = dmrs.integers("ports");
  d.cdm_groups_without_data = dmrs.integer_or("cdm_groups_without_data", d.cdm_groups_without_data);
  // TS 38.214, table 6.2.2-1: pilots take the power of the elements that stay empty beside them.
  d.power_boost_db = dmrs.number_or("power_boost_db", nr::dmrs_power_boost_db(d.cdm_groups_without_data));
  d.n_id = dmrs.integer("n_id");
  d.n_scid = dmrs.integer_or("n_scid", d.n_scid);
  dmrs.refuse_unknown();
  return d;
}

void read_modulation(YamlFields& entry, nr::PuschGrant& g) {
  if (entry.has("modulation")) {
    const auto modulation = nr::modulation_from_name(entry.text("modulation"));
    if (!modulation) entry.refuse("modulation", "not QPSK, 16QAM, 64QAM or 256QAM");
    g.modulation = *modulation;
    g.code_rate_x1024 = entry.number("code_rate_x1024");
  } else if (!entry.has("mcs_index")) {
    entry.refuse("mcs_index", "missing: give mcs_table and mcs_index, or modulation and code_rate_x1024");
  }
  if (!entry.has("mcs_index")) return;
  const int index = entry.integer("mcs_index");
  nr::McsTable table{};
  try {
    table = entry.has("mcs_table") ? mcs_table_from_name(entry.text("mcs_table")) : nr::McsTable::qam64;
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(fmt::format("{}: {}", entry.place("mcs_table"), error.what()));
  } catch (const Error& error) {
    entry.refuse("mcs_table", error.what());
  }
  if (const auto row = nr::mcs(table, index); row && !entry.has("modulation")) {
    g.modulation = row->modulation;
    g.code_rate_x1024 = row->code_rate_x1024;
  } else if (!entry.has("modulation")) {
    entry.refuse("mcs_index", fmt::format("{} is not in the table: give modulation and code_rate_x1024", index));
  }
  try {
    check_mcs(table, index, g);
  } catch (const Error& error) {
    entry.refuse("mcs_index", error.what());
  }
}

void read_slots(YamlFields& entry, GrantEntry& result, int frame_slots) {
  if (entry.has("slot") == entry.has("slots"))
    entry.refuse("slots", "give one of slot (a number) and slots (all or a list)");
  if (entry.has("slot")) {
    result.slots = {entry.integer("slot")};
  } else if (entry.is_text("slots")) {
    if (entry.text("slots") != "all") entry.refuse("slots", "not all or a list of slot numbers");
    result.all_slots = true;
  } else {
    result.slots = entry.integers("slots");
  }
  for (const int slot : result.slots) {
    if (slot < 0 || slot >= frame_slots) {
      entry.refuse(entry.has("slot") ? "slot" : "slots", fmt::format("{} is not from 0 to {}", slot, frame_slots - 1));
    }
  }
}

void read_harq(YamlFields& entry, nr::PuschGrant& g) {
  g.rv = entry.integer_or("rv", 0);
  g.base_graph = entry.integer_or("base_graph", 0);
  g.new_data = entry.flag_or("new_data", true);
  if (entry.has("harq_process")) g.harq_process = entry.text("harq_process");
  if (g.harq_process.size() > 32) entry.refuse("harq_process", "longer than 32 characters");
  if (!g.new_data && g.harq_process.empty()) entry.refuse("new_data", "false needs a harq_process");
  if (entry.has("lbrm") && !(entry.is_text("lbrm") && entry.text("lbrm") == "false")) {
    YamlFields lbrm = entry.object("lbrm");
    g.limited_buffer_tbs_bits = read_lbrm(lbrm);
    lbrm.refuse_unknown();
  }
  if (entry.has("cbgti")) g.sent_groups = read_cbgti(entry);
}

}  // namespace

void read_carrier(YamlFields carrier, GrantsFile& file) {
  if (carrier.has("scs_hz") == carrier.has("scs_khz")) carrier.refuse("scs_khz", "give one of scs_khz and scs_hz");
  if (carrier.has("scs_hz")) {
    file.scs_hz = carrier.integer("scs_hz");
  } else {
    const int scs_khz = carrier.integer("scs_khz");
    if (scs_khz < 1 || scs_khz > 960) carrier.refuse("scs_khz", fmt::format("{} is not 15, 30, 60 or 120", scs_khz));
    file.scs_hz = scs_khz * 1000;
  }
  const char* spacing = carrier.has("scs_hz") ? "scs_hz" : "scs_khz";
  try {
    nr::validate_scs(file.scs_hz);
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(fmt::format("{}: {}", carrier.place(spacing), error.what()));
  } catch (const Error& error) {
    carrier.refuse(spacing, error.what());
  }
  file.carrier_prb = carrier.integer("carrier_prb");
  if (file.carrier_prb < 1 || file.carrier_prb > nr::kMaxCarrierPrb) {
    carrier.refuse("carrier_prb", fmt::format("{} is not from 1 to {}", file.carrier_prb, nr::kMaxCarrierPrb));
  }
  if (carrier.has("fft_size")) file.fft_size = carrier.integer("fft_size");
  if (carrier.has("antennas")) file.antennas = carrier.integer("antennas");
  file.phase_compensation_hz = carrier.number_or("phase_compensation_hz", 0);
  if (carrier.integer_or("crb_start", 0) != 0) {
    throw UnsupportedError(
        fmt::format("{}:{}: carrier.crb_start: a carrier that does not start at common resource block 0 "
                    "is not supported",
                    file.name, carrier.line()));
  }
  carrier.refuse_unknown();
}

GrantEntry read_grant_entry(YamlFields entry, int frame_slots, int carrier_prb) {
  GrantEntry result;
  result.line = entry.line();
  nr::PuschGrant& g = result.grant;
  read_slots(entry, result, frame_slots);
  g.rnti = entry.integer("rnti");
  g.bwp_start = entry.integer_or("bwp_start", 0);
  if (g.bwp_start < 0 || g.bwp_start >= carrier_prb) {
    entry.refuse("bwp_start", fmt::format("{} is not from 0 to {}, in the carrier", g.bwp_start, carrier_prb - 1));
  }
  g.bwp_size = entry.integer_or("bwp_size", carrier_prb - g.bwp_start);
  g.prb_start = entry.integer("prb_start");
  g.prb_count = entry.integer("prb_count");
  g.symbol_start = entry.integer_or("symbol_start", 0);
  g.symbol_count = entry.integer_or("symbol_count", nr::kSymbolsPerSlot);
  const std::string mapping = entry.has("mapping_type") ? entry.text("mapping_type") : "A";
  if (mapping != "A" && mapping != "B") entry.refuse("mapping_type", "not A or B");
  g.mapping_type = mapping == "A" ? nr::MappingType::a : nr::MappingType::b;
  g.n_id = entry.integer("n_id");
  g.dmrs = read_dmrs(entry.object("dmrs"));
  read_modulation(entry, g);
  g.layers = entry.integer_or("layers", static_cast<int>(g.dmrs.ports.size()));
  g.x_overhead = entry.integer_or("x_overhead", 0);
  g.tbs_bits = entry.integer_or("tbs_bits", 0);
  read_harq(entry, g);
  if (entry.has("uci")) {
    YamlFields uci = entry.object("uci");
    g.uci = read_uci(uci);
    uci.refuse_unknown();
  }
  g.shared_channel = entry.flag_or("ul_sch", true);
  if (entry.has("payload_hex")) {
    try {
      g.expected_payload = bytes_from_hex(entry.text("payload_hex"));
    } catch (const Error& error) {
      entry.refuse("payload_hex", error.what());
    }
  }
  entry.refuse_unknown();
  return result;
}

GrantsFile parse_grants_file(std::string_view text, const std::string& name) {
  if (text.size() > kMaxBytes)
    throw Error(fmt::format("{}: {} bytes, at most {} are read", name, text.size(), kMaxBytes));
  GrantsFile file;
  file.name = name;
  try {
    YamlFields root(YAML::Load(std::string(text)), name, "");
    read_carrier(root.object("carrier"), file);
    if (root.has("recording")) read_placement(root.object("recording"), file);
    for (YamlFields& entry : root.objects("grants")) {
      file.grants.push_back(read_grant_entry(std::move(entry), nr::slots_per_frame(file.scs_hz), file.carrier_prb));
    }
    if (file.grants.empty()) root.refuse("grants", "empty");
    root.refuse_unknown();
  } catch (const YAML::Exception& error) {
    throw Error(fmt::format("{}:{}: not YAML: {}", name, error.mark.line + 1, error.msg));
  }
  return file;
}

}  // namespace pado::stream
