// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/cell_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "scheduler/cell_state.h"
#include "station/slot_decoder.h"
#include "stream/recording/grants_file.h"
#include "stream/recording/mcs_check.h"
#include "stream/recording/open.h"
#include "stream/recording/yaml_fields.h"

namespace pado::station {
namespace {

using stream::YamlFields;

int integer_in(YamlFields& fields, const std::string& field, int value, int low, int high) {
  value = fields.integer_or(field, value);
  if (value < low || value > high) fields.refuse(field, fmt::format("{} is not from {} to {}", value, low, high));
  return value;
}

int smallest_fft_size(int subcarriers) {
  int size = 128;
  while (size <= subcarriers) size *= 2;
  return size;
}

nr::Carrier carrier_of(const stream::GrantsFile& file) {
  nr::Carrier carrier{.scs_hz = file.scs_hz,
                      .carrier_prb = file.carrier_prb,
                      .fft_size = file.fft_size.value_or(smallest_fft_size(12 * file.carrier_prb)),
                      .phase_compensation_hz = file.phase_compensation_hz,
                      .antennas = file.antennas.value_or(1)};
  nr::validate(carrier);
  return carrier;
}

/// The path itself, or where nothing stands there, the path from the configuration's folder.
std::string found(const std::string& path, const std::string& folder) {
  if (std::filesystem::exists(path) || std::filesystem::path(path).is_absolute()) return path;
  const std::filesystem::path beside = std::filesystem::path(folder) / path;
  return std::filesystem::exists(beside) ? beside.string() : path;
}

stream::Recording recorded_grants(YamlFields& root, const std::string& folder) {
  const std::string path = root.text("grants");
  stream::Recording recording;
  try {
    recording = stream::open_recording(found(path, folder));
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(fmt::format("{}: {}", root.place("grants"), error.what()));
  } catch (const Error& error) {
    root.refuse("grants", error.what());
  }
  if (recording.slots.empty()) {
    root.refuse("grants", recording.problems.empty() ? fmt::format("{}: nobody transmits in it", path)
                                                     : fmt::format("{}: {}", path, recording.problems.front().message));
  }
  return recording;
}

/// One frame of the listed grants.
stream::Recording listed_grants(YamlFields& root, stream::GrantsFile file) {
  const nr::Carrier carrier = carrier_of(file);
  file.fft_size = carrier.fft_size;
  for (YamlFields& entry : root.objects("grants")) {
    file.grants.push_back(
        stream::read_grant_entry(std::move(entry), nr::slots_per_frame(carrier.scs_hz), carrier.carrier_prb));
  }
  if (file.grants.empty()) root.refuse("grants", "empty: list who transmits, or leave it out");
  stream::Recording frame;
  frame.name = file.name;
  frame.antennas = carrier.antennas;
  frame.sample_rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
  for (int slot = 0; slot < nr::slots_per_frame(carrier.scs_hz); ++slot) {
    const int in_subframe = slot % nr::slots_per_subframe(carrier.scs_hz);
    frame.data_samples += nr::slot_timing(carrier.scs_hz, carrier.fft_size, in_subframe).samples;
  }
  stream::apply_grants(file, frame);
  if (!frame.problems.empty()) throw Error(frame.problems.front().message);
  return frame;
}

void read_carrier_and_grants(YamlFields& root, const std::string& folder, CellConfig& config) {
  stream::GrantsFile file;
  file.name = config.name;
  if (root.has("carrier")) {
    stream::read_carrier(root.object("carrier"), file);
    try {
      config.carrier = carrier_of(file);
    } catch (const UnsupportedError& error) {
      throw UnsupportedError(fmt::format("{}: {}", root.place("carrier"), error.what()));
    } catch (const Error& error) {
      root.refuse("carrier", error.what());
    }
  }
  if (!root.has("grants")) {
    if (!root.has("carrier")) root.refuse("carrier", "missing: give it, or grants with a recording that has one");
    return;
  }
  const bool named = root.is_text("grants");
  if (!named && !root.has("carrier")) root.refuse("carrier", "missing: listed grants need it");
  config.grants = named ? recorded_grants(root, folder) : listed_grants(root, file);
  if (named && root.has("carrier") && config.grants.carrier != config.carrier) {
    root.refuse("carrier", fmt::format("not that of {}; leave it out to take the recording's", root.text("grants")));
  }
  config.carrier = config.grants.carrier;
}

/// The smallest width of TS 38.214, table 6.1.2.2.1-1, with which few enough groups cover the carrier.
int usual_rbg_prbs(int carrier_prb) {
  int width = 4;
  while (width < 16 && (carrier_prb + width - 1) / width > scheduler::kMaxRbgs) width *= 2;
  return width;
}

void read_scheduler(YamlFields fields, const std::string& folder, int carrier_prb, SchedulerConfig& scheduler) {
  if (fields.has("policy")) scheduler.policy = fields.text("policy");
  if (fields.has("policy_file")) scheduler.policy_file = found(fields.text("policy_file"), folder);
  scheduler.rbg_prbs = integer_in(fields, "rbg_prbs", scheduler.rbg_prbs, 1, 16);
  if (const int rbgs = (carrier_prb + scheduler.rbg_prbs - 1) / scheduler.rbg_prbs; rbgs > scheduler::kMaxRbgs) {
    fields.refuse("rbg_prbs", fmt::format("{} PRB in groups of {} are {} groups, and at most {} can be scheduled",
                                          carrier_prb, scheduler.rbg_prbs, rbgs, scheduler::kMaxRbgs));
  }
  scheduler.users_per_slot = integer_in(fields, "users_per_slot", scheduler.users_per_slot, 1, 16);
  scheduler.harq_processes = integer_in(fields, "harq_processes", scheduler.harq_processes, 1, 16);
  scheduler.transmissions = integer_in(fields, "transmissions", scheduler.transmissions, 1, 8);
  scheduler.dmrs_additional_position =
      integer_in(fields, "dmrs_additional_position", scheduler.dmrs_additional_position, 0, 3);
  if (fields.has("mcs_table")) {
    try {
      scheduler.mcs_table = stream::mcs_table_from_name(fields.text("mcs_table"));
    } catch (const Error& error) {
      fields.refuse("mcs_table", error.what());
    }
  }
  fields.refuse_unknown();
}

CellConfig read_config(YamlFields root, const std::string& name, const std::string& folder) {
  CellConfig config;
  config.name = name;
  config.listen = root.text("listen");
  read_carrier_and_grants(root, folder, config);
  if (root.has("full_scale")) {
    config.grants.full_scale = root.number("full_scale");
    if (!(config.grants.full_scale > 0)) root.refuse("full_scale", "not above 0");
  }
  config.deadline_slots = integer_in(root, "deadline_slots", config.deadline_slots, 1, 1000);
  config.workers = integer_in(root, "workers", config.workers, 1, 64);
  config.reorder_slots = integer_in(root, "reorder_slots", config.reorder_slots, 1, 16);
  if (root.has("backend")) config.backend = root.text("backend");
  if (const auto built = built_backends(); std::ranges::count(built, config.backend) == 0) {
    root.refuse("backend",
                fmt::format("{} is not in this build, which has {}", config.backend, fmt::join(built, ", ")));
  }
  config.scheduler.rbg_prbs = usual_rbg_prbs(config.carrier.carrier_prb);
  if (root.has("scheduler")) {
    read_scheduler(root.object("scheduler"), folder, config.carrier.carrier_prb, config.scheduler);
  }
  root.refuse_unknown();
  return config;
}

}  // namespace

CellConfig parse_cell_config(std::string_view text, const std::string& name, const std::string& folder) {
  try {
    return read_config(YamlFields(YAML::Load(std::string(text)), name, ""), name, folder);
  } catch (const YAML::Exception& error) {
    throw Error(fmt::format("{}:{}: not YAML: {}", name, error.mark.line + 1, error.msg));
  }
}

CellConfig read_cell_config(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file)) throw Error(fmt::format("{}: no file that can be read", file));
  return parse_cell_config(std::string{std::istreambuf_iterator<char>(in), {}}, file,
                           std::filesystem::path(file).parent_path().string());
}

}  // namespace pado::station
