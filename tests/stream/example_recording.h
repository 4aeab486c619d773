// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace pado::tests {

/// One change to a JSON text: value at a JSON pointer, given as JSON; an empty value removes it.
struct Change {
  const char* pointer;
  const char* value;
};

/// A recording of two slots of 30 kHz with 51 PRB, one UE in each; everything in it is right.
inline nlohmann::json example_metadata() {
  return nlohmann::json::parse(R"json({
    "global": {
      "core:datatype": "ci16_le", "core:sample_rate": 30720000.0, "core:version": "1.0.0", "core:num_channels": 2,
      "pado:full_scale": 8192.0, "pado:first_slot": 19, "pado:slots": 2
    },
    "captures": [{"core:sample_start": 0}],
    "annotations": [
      {
        "core:sample_start": 0, "core:sample_count": 15360,
        "pado:pusch": {
          "scs_hz": 30000, "fft_size": 1024, "cyclic_prefix": "normal", "carrier_n_prb": 51,
          "phase_compensation_hz": 0.0, "slot": 19, "frame_slots": 20, "ue": 0, "rnti": 17921, "bwp_start": 0,
          "bwp_size": 51, "prb_start": 10, "prb_count": 20, "resource_allocation": 1, "symbol_start": 0,
          "symbol_count": 14, "mapping_type": "A", "frequency_hopping": false,
          "dmrs": {"type": 1, "typeA_position": 2, "additional_position": 1, "length": 1, "symbols": [2, 11],
                   "ports": [0], "cdm_groups_without_data": 2, "power_boost_db": 3.0, "n_id": 500, "n_scid": 0},
          "transform_precoding": false, "n_id": 500, "mcs_table": "38.214 table 5.1.3.1-1 (64QAM)", "mcs_index": 4,
          "modulation": "QPSK", "code_rate_x1024": 308, "layers": 1, "x_overhead": 0, "tbs_bits": 1736,
          "base_graph": 2, "lbrm": false, "rv": 0, "new_data": true, "harq_process": null
        }
      }
    ]
  })json");
}

/// The same with a second annotation: a transmission in slot 0 of the next frame.
inline nlohmann::json example_of_two_slots() {
  nlohmann::json metadata = example_metadata();
  nlohmann::json& annotations = metadata["annotations"];
  annotations.push_back(annotations[0]);
  annotations[1]["core:sample_start"] = 15360;
  annotations[1]["pado:pusch"]["slot"] = 0;
  return metadata;
}

inline constexpr std::uint64_t kExampleDataBytes = 2 * 15360 * 2 * 4;  // slots, samples, antennas, bytes

inline void apply(nlohmann::json& metadata, const Change& change) {
  const nlohmann::json::json_pointer pointer(change.pointer);
  if (std::string(change.value).empty()) {
    metadata.at(pointer.parent_pointer()).erase(pointer.back());
  } else {
    metadata[pointer] = nlohmann::json::parse(change.value);
  }
}

}  // namespace pado::tests
