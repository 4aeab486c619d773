// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/stream/temporary_folder.h"

namespace pado::tests {

/// A copy of a shipped recording as cf32, for a test to spoil and to save.
struct SpoiledRecording {
  TemporaryFolder folder;
  nlohmann::json metadata;
  int antennas = 1;
  std::vector<std::complex<float>> samples;  // interleaved
  std::string bytes;                         // if not empty: the data file instead of samples

  explicit SpoiledRecording(const std::string& name) {
    const std::string base = std::string(PADO_SOURCE_DIR) + "/testvectors/" + name;
    std::ifstream meta(base + ".sigmf-meta");
    metadata = nlohmann::json::parse(meta);
    std::ifstream file(base + ".sigmf-data", std::ios::binary);
    const std::string data{std::istreambuf_iterator<char>(file), {}};
    auto& global = metadata["global"];
    antennas = global.value("core:num_channels", 1);
    if (global["core:datatype"] == "cf32_le") {
      samples.resize(data.size() / sizeof(samples[0]));
      std::memcpy(samples.data(), data.data(), data.size());
    } else {
      std::vector<std::int16_t> values(data.size() / 2);
      std::memcpy(values.data(), data.data(), data.size());
      for (std::size_t i = 0; i + 1 < values.size(); i += 2)
        samples.emplace_back(static_cast<float>(values[i]), static_cast<float>(values[i + 1]));
      global["core:datatype"] = "cf32_le";
    }
  }

  nlohmann::json& pusch(std::size_t annotation) { return metadata["annotations"][annotation]["pado:pusch"]; }
  void each_pusch(const std::function<void(nlohmann::json&)>& change) {
    for (auto& annotation : metadata["annotations"]) change(annotation["pado:pusch"]);
  }

  /// Slots anywhere: nothing says how many there are, nor where.
  void forget_slot_grid() {
    metadata["global"].erase("pado:first_slot");
    metadata["global"].erase("pado:slots");
  }

  /// The recording's file, written.
  std::string save() const {
    std::ofstream(folder / "spoiled.sigmf-meta") << metadata.dump();
    std::ofstream data(folder / "spoiled.sigmf-data", std::ios::binary);
    if (!bytes.empty()) {
      data.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    } else {
      data.write(reinterpret_cast<const char*>(samples.data()),
                 static_cast<std::streamsize>(samples.size() * sizeof(samples[0])));
    }
    return (folder / "spoiled").string();
  }
};

}  // namespace pado::tests
