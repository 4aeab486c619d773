// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/validate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "phy/nr/code_block_groups.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/segmentation.h"
#include "phy/nr/tbs.h"
#include "phy/nr/uci.h"

namespace pado::nr {
namespace {

constexpr int kMaxTbsBits = 1'277'992;  // TS 38.214, 5.1.3.2: 273 PRB, 4 layers, 256QAM at rate 948/1024
constexpr double kMaxFirstRate = 0.95;  // TS 38.214, 5.1.3: beyond it a receiver need not try

void check_range(const char* field, int value, int low, int high) {
  if (value < low || value > high) throw Error(fmt::format("{} {} is not from {} to {}", field, value, low, high));
}

void check_identities(const PuschGrant& g, const Carrier& carrier) {
  check_range("slot", g.slot, 0, slots_per_frame(carrier.scs_hz) - 1);
  check_range("rnti", g.rnti, 0, 65535);
  check_range("n_id", g.n_id, 0, 1023);
  check_range("dmrs n_id", g.dmrs.n_id, 0, 65535);
  check_range("dmrs n_scid", g.dmrs.n_scid, 0, 1);
  check_range("rv", g.rv, 0, 3);
}

/// start + count against the end of what holds them, without overflow for any two integers.
void check_inside(const char* start_field, int start, const char* count_field, int count, int end, const char* what) {
  if (start < 0) throw Error(fmt::format("{} {} is negative", start_field, start));
  if (count < 1) throw Error(fmt::format("{} {} is not at least 1", count_field, count));
  const std::int64_t reach = static_cast<std::int64_t>(start) + count;
  if (reach > end) {
    throw Error(fmt::format("{} {} + {} {} = {} is beyond the {} {} PRB", start_field, start, count_field, count, reach,
                            what, end));
  }
}

void check_frequency(const PuschGrant& g, const Carrier& carrier) {
  check_inside("prb_start", g.prb_start, "prb_count", g.prb_count, carrier.carrier_prb, "carrier's");
  if (g.bwp_start == 0 && g.bwp_size == 0) return;  // not given: the whole carrier
  check_inside("bwp_start", g.bwp_start, "bwp_size", g.bwp_size, carrier.carrier_prb, "carrier's");
  if (g.prb_start < g.bwp_start || g.prb_start + g.prb_count > g.bwp_start + g.bwp_size) {
    throw Error(fmt::format("PRB {} to {} (prb_start, prb_count) leave the bandwidth part, which has PRB {} to {}",
                            g.prb_start, g.prb_start + g.prb_count - 1, g.bwp_start, g.bwp_start + g.bwp_size - 1));
  }
}

void check_time(const PuschGrant& g) {
  check_range("symbol_start", g.symbol_start, 0, kSymbolsPerSlot - 1);
  check_range("symbol_count", g.symbol_count, 1, kSymbolsPerSlot);
  if (g.symbol_start + g.symbol_count > kSymbolsPerSlot) {
    throw Error(fmt::format("symbol_start {} + symbol_count {} = {} is beyond the slot's {} symbols", g.symbol_start,
                            g.symbol_count, g.symbol_start + g.symbol_count, kSymbolsPerSlot));
  }
  const std::vector<int> symbols = dmrs_symbols(g);  // refuses what the tables do not have
  if (symbols.back() >= g.symbol_start + g.symbol_count) {
    throw Error(fmt::format("the DM-RS in symbols {} does not end inside the allocation, whose last symbol is {}",
                            fmt::join(symbols, ","), g.symbol_start + g.symbol_count - 1));
  }
}

void check_ports(const PuschGrant& g) {
  const Dmrs& d = g.dmrs;
  check_range("layers", g.layers, 1, kMaxLayers);
  if (d.ports.size() != static_cast<std::size_t>(g.layers)) {
    throw Error(fmt::format("layers {} does not match the {} dmrs ports: one port a layer", g.layers, d.ports.size()));
  }
  check_range("dmrs cdm_groups_without_data", d.cdm_groups_without_data, 1, dmrs_cdm_groups(d.type));
  const int last_port = dmrs_ports(d.type, d.length) - 1;
  for (const int port : d.ports) {
    if (port < 0 || port > last_port) {
      const bool two_symbols_help = port > last_port && port < dmrs_ports(d.type, 2);
      throw Error(fmt::format("dmrs port {} is not from 0 to {}{}", port, last_port,
                              two_symbols_help ? ", the ports of one front-loaded symbol" : ""));
    }
    if (const int group = dmrs_port(d.type, port).cdm_group; group >= d.cdm_groups_without_data) {
      throw Error(
          fmt::format("dmrs port {} is in CDM group {}, which cdm_groups_without_data {} leaves to data: {} is needed",
                      port, group, d.cdm_groups_without_data, group + 1));
    }
    if (std::count(d.ports.begin(), d.ports.end(), port) > 1) {
      throw Error(fmt::format("dmrs port {} is given twice: one port a layer", port));
    }
  }
  if (!(std::abs(d.power_boost_db) <= 20)) {
    throw Error(fmt::format("dmrs power_boost_db {} is not from -20 to 20", d.power_boost_db));
  }
}

void check_code_rate(const PuschGrant& g) {
  if (!(g.code_rate_x1024 > 0 && g.code_rate_x1024 < 1024)) {
    throw Error(fmt::format("code_rate_x1024 {} is not above 0 and below 1024", g.code_rate_x1024));
  }
}

int checked_block_size(const PuschGrant& g) {
  check_code_rate(g);
  if (g.x_overhead != 0 && g.x_overhead != 6 && g.x_overhead != 12 && g.x_overhead != 18) {
    throw Error(fmt::format("x_overhead {} is not 0, 6, 12 or 18", g.x_overhead));
  }
  if (g.base_graph < 0 || g.base_graph > 2) {
    throw Error(fmt::format("base_graph {} is not 1 or 2, or 0 for that of the tables", g.base_graph));
  }
  const int tbs = g.tbs_bits != 0 ? g.tbs_bits : transport_block_size(g);
  if (tbs == 0) {
    throw Error(
        fmt::format("no transport block fits: {} symbols with DM-RS in {} of them and x_overhead {} leave no data",
                    g.symbol_count, dmrs_symbols(g).size(), g.x_overhead));
  }
  if (tbs < 24 || tbs > kMaxTbsBits || tbs % 8 != 0) {
    throw Error(fmt::format("tbs_bits {} is not a multiple of 8 from 24 to {}", tbs, kMaxTbsBits));
  }
  return tbs;
}

Segmentation checked_segmentation(const PuschGrant& g, int tbs) {
  try {
    return segment(tbs, base_graph(g));
  } catch (const Error& error) {
    throw Error(fmt::format("tbs_bits {}: {}; the grant's size by the tables is {}", tbs, error.what(),
                            transport_block_size(g)));
  }
}

void check_groups(const PuschGrant& g, const Segmentation& code) {
  const std::size_t groups = g.sent_groups.size();
  if (groups == 0) return;
  if (groups != 2 && groups != 4 && groups != 6 && groups != 8) {  // TS 38.331, maxCodeBlockGroupsPerTransportBlock
    throw Error(fmt::format("cbgti names {} code block groups, not 2, 4, 6 or 8", groups));
  }
  const auto used = g.sent_groups.begin() + std::min<int>(static_cast<int>(groups), code.code_blocks);
  if (std::find(g.sent_groups.begin(), used, true) == used) throw Error("cbgti: no code block group is sent");
  if (g.new_data && std::find(g.sent_groups.begin(), used, false) != used) {
    throw Error("cbgti: new data are sent in all code block groups");
  }
}

void check_buffer(const PuschGrant& g, const Segmentation& code) {
  if (!g.limited_buffer_tbs_bits) return;
  const int limit = *g.limited_buffer_tbs_bits;
  const int payload = code.block_bits - 2 * code.lifting_size;  // of a block, as far as it is sent
  if (limit < 1 || limit > kMaxTbsBits) {
    throw Error(fmt::format("lbrm tbs_lbrm_bits {} is not from 1 to {}", limit, kMaxTbsBits));
  }
  if (3LL * limit / (2LL * code.code_blocks) <= payload) {
    throw Error(
        fmt::format("lbrm tbs_lbrm_bits {} limits each of {} code blocks to {} bits, less than its payload of {}",
                    limit, code.code_blocks, 3LL * limit / (2LL * code.code_blocks), payload));
  }
}

void check_coding(const PuschGrant& g) {
  const int tbs = checked_block_size(g);
  const Segmentation code = checked_segmentation(g, tbs);
  const int elements = data_elements(g);
  if (elements < code.code_blocks) {
    throw Error(fmt::format("tbs_bits {} needs {} code blocks, but the grant has {} data elements", tbs,
                            code.code_blocks, elements));
  }
  check_groups(g, code);
  check_buffer(g, code);
  const std::int64_t sent = shared_channel_bits(g);
  const int blocks = count_blocks(sent_blocks(g, code.code_blocks));
  if (sent < static_cast<std::int64_t>(blocks) * g.layers * bits_per_symbol(g.modulation)) {
    throw Error(fmt::format("uci leaves {} coded bits to the transport block, which has {} code blocks", sent, blocks));
  }
  const int bits = code.code_blocks * code.block_bits;  // with all CRCs
  const double rate = static_cast<double>(bits) / static_cast<double>(sent);
  if (g.new_data && g.rv == 0 && rate > kMaxFirstRate) {
    throw Error(
        fmt::format("tbs_bits {}: {} bits with the CRCs in {} transmitted bits is rate {:.3f}, at most {} can be "
                    "decoded; the grant's size by the tables is {}",
                    tbs, bits, sent, rate, kMaxFirstRate, transport_block_size(g)));
  }
  if (!g.expected_payload.empty() && g.expected_payload.size() != static_cast<std::size_t>(tbs) / 8) {
    throw Error(fmt::format("the payload has {} bytes, tbs_bits {} needs {}", g.expected_payload.size(), tbs, tbs / 8));
  }
}

void check_uci(const PuschGrant& g) {
  const Uci& uci = g.uci;
  for (int i = 0; i < kUciParts; ++i) {
    const UciPart& part = uci.parts[i];
    if (part.bits < 0 || part.bits > kMaxUciBits) {
      throw Error(fmt::format("uci {}: {} bits, at most {} are coded", kUciPartNames[i], part.bits, kMaxUciBits));
    }
    if (!(part.beta_offset >= 1 && part.beta_offset <= 126)) {  // TS 38.213, tables 9.3-1 and -2
      throw Error(fmt::format("uci {}: beta_offset {} is not from 1 to 126", kUciPartNames[i], part.beta_offset));
    }
    if (!part.content.empty() && part.content.size() != static_cast<std::size_t>(part.bits)) {
      throw Error(
          fmt::format("uci {}: {} bits are given, {} granted", kUciPartNames[i], part.content.size(), part.bits));
    }
    if (std::ranges::any_of(part.content, [](std::uint8_t bit) { return bit > 1; })) {
      throw Error(fmt::format("uci {}: a bit is not 0 or 1", kUciPartNames[i]));
    }
  }
  if (!(uci.alpha > 0 && uci.alpha <= 1))
    throw Error(fmt::format("uci alpha {} is not above 0 and up to 1", uci.alpha));
  if (uci.parts[2].bits != 0 && uci.parts[1].bits == 0) throw Error("uci csi_part2 needs csi_part1, which has no bits");
  if (!g.shared_channel && uci.parts[1].bits == 0) {
    throw Error("without a transport block a PUSCH carries csi_part1, which has no bits");
  }
}

// The code rate alone matters, to the size of the control information; nothing is decoded as a transport block.
void check_without_block(const PuschGrant& g) {
  check_code_rate(g);
  if (!g.expected_payload.empty()) throw Error("a payload is given for a PUSCH without a transport block");
  if (!g.harq_process.empty()) throw Error("harq_process is given for a PUSCH without a transport block");
  (void)uci_sizes(g);
}

bool meet(int start, int count, int other_start, int other_count) {
  return start < other_start + other_count && other_start < start + count;
}

std::string place_of(const PuschGrant& g) {
  return fmt::format("rnti {} (PRB {} to {}, symbols {} to {})", g.rnti, g.prb_start, g.prb_start + g.prb_count - 1,
                     g.symbol_start, g.symbol_start + g.symbol_count - 1);
}

void check_pair(const PuschGrant& a, const PuschGrant& b) {
  if (a.slot != b.slot) {
    throw Error(fmt::format("slot {} of rnti {} and slot {} of rnti {} are one slot", a.slot, a.rnti, b.slot, b.rnti));
  }
  const bool same_sequence = a.dmrs.n_scid == b.dmrs.n_scid && a.dmrs.n_id == b.dmrs.n_id;
  if (!share_elements(a, b) || !same_sequence) return;
  for (const int port : a.dmrs.ports) {
    if (std::count(b.dmrs.ports.begin(), b.dmrs.ports.end(), port) == 0) continue;
    throw Error(fmt::format("{} and {} overlap in slot {}, and both have DM-RS port {}: they need ports of their own",
                            place_of(a), place_of(b), a.slot, port));
  }
}

}  // namespace

void validate(const PuschGrant& grant, const Carrier& carrier) {
  validate(carrier);
  check_identities(grant, carrier);
  check_frequency(grant, carrier);
  check_time(grant);
  check_ports(grant);
  if (grant.layers > carrier.antennas) {
    throw Error(fmt::format("layers {} cannot be told apart with {} antenna: at least {} are needed", grant.layers,
                            carrier.antennas, grant.layers));
  }
  check_range("modulation (bits a symbol)", bits_per_symbol(grant.modulation), 2, 8);
  check_uci(grant);
  if (grant.shared_channel) {
    check_coding(grant);
  } else {
    check_without_block(grant);
  }
}

bool share_elements(const PuschGrant& a, const PuschGrant& b) {
  return meet(a.prb_start, a.prb_count, b.prb_start, b.prb_count) &&
         meet(a.symbol_start, a.symbol_count, b.symbol_start, b.symbol_count);
}

void validate_slot(std::span<const PuschGrant> grants) {
  for (std::size_t i = 0; i < grants.size(); ++i)
    for (std::size_t j = i + 1; j < grants.size(); ++j) check_pair(grants[i], grants[j]);
}

}  // namespace pado::nr
