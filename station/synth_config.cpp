// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/synth_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <span>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/nr/validate.h"
#include "phy/propagation/random_stream.h"
#include "stream/recording/grants_file.h"
#include "stream/recording/yaml_fields.h"

namespace pado::station {
namespace {

using stream::YamlFields;

constexpr double kMaxDelayS = 400e-6;  // shorter than the shortest slot

template <class Number>
Number checked(const YamlFields& fields, const std::string& field, Number value, Number low, Number high) {
  if (value < low || value > high) fields.refuse(field, fmt::format("{} is not from {} to {}", value, low, high));
  return value;
}

int integer(YamlFields& fields, const std::string& field, int value, int low, int high) {
  return checked(fields, field, fields.integer_or(field, value), low, high);
}

double number(YamlFields& fields, const std::string& field, double value, double low, double high) {
  return checked(fields, field, fields.number_or(field, value), low, high);
}

// Turns messages that know no line into ones that do.
template <class Function>
void at_line(const std::string& name, int line, const std::string& what, Function&& function) {
  try {
    function();
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(fmt::format("{}:{}: {}: {}", name, line, what, error.what()));
  } catch (const Error& error) {
    throw Error(fmt::format("{}:{}: {}: {}", name, line, what, error.what()));
  }
}

int power_of_two_above(int subcarriers) {
  int size = 128;
  while (size <= subcarriers) size *= 2;
  return size;
}

nr::Carrier read_carrier(const YamlFields& fields, const std::string& name) {
  stream::GrantsFile file;
  file.name = name;
  stream::read_carrier(fields, file);
  const nr::Carrier carrier{.scs_hz = file.scs_hz,
                            .carrier_prb = file.carrier_prb,
                            .fft_size = file.fft_size.value_or(power_of_two_above(12 * file.carrier_prb)),
                            .phase_compensation_hz = file.phase_compensation_hz,
                            .antennas = file.antennas.value_or(1)};
  at_line(name, fields.line(), "carrier", [&] { nr::validate(carrier); });
  return carrier;
}

SynthUe read_ue(YamlFields& fields, const SynthUe& defaults, double scs_hz) {
  return {.rnti = defaults.rnti,
          .gain_db = number(fields, "gain_db", defaults.gain_db, -60, 60),
          .delay_s = number(fields, "delay_s", defaults.delay_s, -kMaxDelayS, kMaxDelayS),
          .cfo_hz = number(fields, "cfo_hz", defaults.cfo_hz, -scs_hz / 2, scs_hz / 2)};
}

void read_channel(YamlFields channel, SynthConfig& config) {
  const std::string model = channel.text("model");
  if (model != "awgn" && model != "flat") channel.refuse("model", "not awgn or flat");
  config.model = model == "awgn" ? ChannelModel::awgn : ChannelModel::flat;
  if (channel.has("condition_limit")) {
    if (config.model == ChannelModel::awgn) channel.refuse("condition_limit", "needs model flat");
    config.condition_limit = number(channel, "condition_limit", 0, 1.5, 1000);
  }
  config.all_ues = read_ue(channel, {}, config.carrier.scs_hz);
  if (channel.has("ues")) {
    for (YamlFields& fields : channel.objects("ues")) {
      SynthUe ue = config.all_ues;
      ue.rnti = checked(fields, "rnti", fields.integer("rnti"), 0, 65535);
      if (std::ranges::count(config.ues, ue.rnti, &SynthUe::rnti) != 0) fields.refuse("rnti", "given twice");
      config.ues.push_back(read_ue(fields, ue, config.carrier.scs_hz));
      fields.refuse_unknown();
    }
  }
  channel.refuse_unknown();
}

/// A grant of the configuration: which slots it is sent in, and with which redundancy versions.
struct Entry {
  stream::GrantEntry grant;
  std::vector<int> redundancy_versions;  // one after another, then anew with another block
  int index = 0;
};

Entry read_entry(YamlFields fields, int index, const nr::Carrier& carrier) {
  Entry entry{.grant = {}, .redundancy_versions = {}, .index = index};
  if (fields.has("transmissions")) {
    for (const char* other : {"rv", "new_data"}) {
      if (fields.has(other)) fields.refuse(other, "not beside transmissions, which says it");
    }
    entry.redundancy_versions = fields.integers("transmissions");
    if (entry.redundancy_versions.empty()) fields.refuse("transmissions", "empty");
    for (const int rv : entry.redundancy_versions) checked(fields, "transmissions", rv, 0, 3);
  } else {
    if (!fields.flag_or("new_data", true)) fields.refuse("new_data", "false: list the rv of a block in transmissions");
    entry.redundancy_versions = {fields.integer_or("rv", 0)};
  }
  entry.grant = stream::read_grant_entry(std::move(fields), nr::slots_per_frame(carrier.scs_hz), carrier.carrier_prb);
  nr::PuschGrant& grant = entry.grant.grant;
  if (entry.redundancy_versions.size() > 1 && grant.harq_process.empty()) {
    grant.harq_process = fmt::format("{}-{}", grant.rnti, index);
  }
  return entry;
}

std::vector<std::uint8_t> random_payload(const SynthConfig& config, int entry, int block, int bytes) {
  const auto stream =
      std::uint64_t{3} << 56 | static_cast<std::uint64_t>(entry) << 32 | static_cast<std::uint64_t>(block);
  propagation::RandomStream random(config.seed, stream);
  std::vector<std::uint8_t> payload(bytes);
  for (auto& byte : payload) byte = static_cast<std::uint8_t>(random.bits() >> 56);
  return payload;
}

// What the grant leaves open of the control information, anew in each transmission.
void fill_uci(const SynthConfig& config, int entry, int transmission, nr::Uci& uci) {
  const auto stream =
      std::uint64_t{4} << 56 | static_cast<std::uint64_t>(entry) << 32 | static_cast<std::uint64_t>(transmission);
  propagation::RandomStream random(config.seed, stream);
  for (nr::UciPart& part : uci.parts) {
    if (!part.content.empty()) continue;
    part.content.resize(part.bits);
    for (auto& bit : part.content) bit = static_cast<std::uint8_t>(random.bits() >> 63);
  }
}

/// A transmission and the grant that it comes from.
struct Placed {
  SynthTransmission transmission;
  int line = 0;
  int index = 0;
};

void add_transmissions(const Entry& entry, const SynthConfig& config, std::vector<Placed>& result) {
  const auto in_frame = [&](int slot) {
    return (config.first_slot + slot) % nr::slots_per_frame(config.carrier.scs_hz);
  };
  const int in_a_block = std::ssize(entry.redundancy_versions);
  int sent = 0;
  for (int slot = 0; slot < config.slots; ++slot) {
    if (!entry.grant.all_slots && std::ranges::count(entry.grant.slots, in_frame(slot)) == 0) continue;
    nr::PuschGrant grant = entry.grant.grant;
    grant.slot = in_frame(slot);
    grant.rv = entry.redundancy_versions[sent % in_a_block];
    grant.new_data = sent % in_a_block == 0;
    if (grant.shared_channel && grant.tbs_bits == 0) grant.tbs_bits = nr::transport_block_size(grant);
    nr::validate(grant, config.carrier);
    fill_uci(config, entry.index, sent, grant.uci);
    if (grant.shared_channel && grant.expected_payload.empty()) {
      grant.expected_payload = random_payload(config, entry.index, sent / in_a_block, grant.tbs_bits / 8);
    }
    result.push_back({{slot, std::move(grant)}, entry.grant.line, entry.index});
    ++sent;
  }
}

/// Throws where two of one slot's transmissions cannot be sent together, with the line of the second.
void check_slot(std::span<const Placed> slot, const std::string& name) {
  for (std::size_t second = 1; second < slot.size(); ++second) {
    for (const Placed& first : slot.first(second)) {
      const Placed& clashing = slot[second];
      std::array<nr::PuschGrant, 2> pair{first.transmission.grant, clashing.transmission.grant};
      const auto what =
          fmt::format("grants[{}]: beside grants[{}] of line {}", clashing.index, first.index, first.line);
      at_line(name, clashing.line, what, [&] { nr::validate_slot(pair); });
    }
  }
}

void check_slots(std::span<const Placed> placed, const std::string& name) {
  for (std::size_t first = 0; first < placed.size();) {
    std::size_t end = first + 1;
    const int slot = placed[first].transmission.recording_slot;
    while (end < placed.size() && placed[end].transmission.recording_slot == slot) ++end;
    check_slot(placed.subspan(first, end - first), name);
    first = end;
  }
}

/// A channel for a UE that never sends is a slip of the pen.
void check_ues(YamlFields channel, const std::set<int>& granted_rntis) {
  if (!channel.has("ues")) return;
  for (YamlFields& fields : channel.objects("ues")) {
    const int rnti = fields.integer("rnti");
    if (!granted_rntis.contains(rnti)) fields.refuse("rnti", fmt::format("no grant is for {}", rnti));
  }
}

void read_grants(YamlFields& root, const std::string& name, SynthConfig& config) {
  std::vector<Placed> placed;
  std::set<int> rntis;
  int index = 0;
  for (YamlFields& fields : root.objects("grants")) {
    const int line = fields.line();
    const Entry entry = read_entry(std::move(fields), index, config.carrier);
    at_line(name, line, fmt::format("grants[{}]", index), [&] { add_transmissions(entry, config, placed); });
    rntis.insert(entry.grant.grant.rnti);
    ++index;
  }
  const auto recording_slot = [](const Placed& p) { return p.transmission.recording_slot; };
  std::ranges::stable_sort(placed, {}, recording_slot);
  check_slots(placed, name);
  check_ues(root.object("channel"), rntis);
  config.transmissions.reserve(placed.size());
  for (Placed& p : placed) config.transmissions.push_back(std::move(p.transmission));
}

SynthConfig read_config(YamlFields root, const std::string& name) {
  SynthConfig config;
  config.carrier = read_carrier(root.object("carrier"), name);
  config.first_slot = integer(root, "first_slot", 0, 0, nr::slots_per_frame(config.carrier.scs_hz) - 1);
  config.slots = integer(root, "slots", 1, 1, 100'000);
  if (root.has("seed")) config.seed = checked<std::int64_t>(root, "seed", root.long_integer("seed"), 0, INT64_MAX);
  config.snr_db = number(root, "snr_db", config.snr_db, -40, 120);
  if (root.has("datatype")) {
    const auto type = stream::sample_type_from_name(root.text("datatype"));
    if (!type) root.refuse("datatype", "not ci16_le or cf32_le");
    config.sample_type = *type;
  }
  read_channel(root.object("channel"), config);
  read_grants(root, name, config);
  root.refuse_unknown();
  return config;
}

}  // namespace

SynthConfig parse_synth_config(std::string_view text, const std::string& name) {
  try {
    return read_config(YamlFields(YAML::Load(std::string(text)), name, ""), name);
  } catch (const YAML::Exception& error) {
    throw Error(fmt::format("{}:{}: not YAML: {}", name, error.mark.line + 1, error.msg));
  }
}

SynthConfig read_synth_config(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file)) throw Error(fmt::format("{}: no file that can be read", file));
  return parse_synth_config(std::string{std::istreambuf_iterator<char>(in), {}}, file);
}

}  // namespace pado::station
