// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "phy/nr/grant.h"
#include "phy/nr/mcs.h"
#include "stream/recording/recording.h"

namespace pado::station {

/// How the closed loop grants.
struct SchedulerConfig {
  std::string policy = "pf";
  std::string policy_file;  // weights of a learned policy; empty: those that come with the program
  int rbg_prbs = 4;         // read_cell_config: 4, 8 or 16 by the carrier, where the file does not say
  int users_per_slot = 8;
  int harq_processes = 8;
  int transmissions = 4;
  int dmrs_additional_position = 1;  // 0 to 3: so many DM-RS symbols besides the first
  nr::McsTable mcs_table = nr::McsTable::qam256;
};

/// One cell, as testvectors/cell.yaml describes it; docs/cell_config.md has the fields.
struct CellConfig {
  std::string name;    // of the file, for messages
  std::string listen;  // as written, e.g. udp://127.0.0.1:5555
  nr::Carrier carrier;
  /// Who transmits when samples come without a scheduler: slots, carrier, full_scale and length (data_samples, in whole
  /// slots) of the pattern that repeats. Of a recording, or of one frame where the grants are listed. No slots: none.
  stream::Recording grants;
  int deadline_slots = 3;  // from a slot's last sample to its report
  std::string backend = "cpu";
  int workers = 1;        // threads that decode
  int reorder_slots = 2;  // a slot waits for its last packets until this many slots have begun after it
  SchedulerConfig scheduler;
};

/// Throws Error "file:line: field: message". folder: where paths are tried after the current folder.
CellConfig parse_cell_config(std::string_view text, const std::string& name, const std::string& folder);

/// Throws Error also where the file cannot be read.
CellConfig read_cell_config(const std::string& file);

}  // namespace pado::station
