// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/recording/sample_type.h"

namespace pado::stream {

/// A SigMF file (version 1) as far as Pado reads it; the annotations are not looked into yet.
struct SigmfMeta {
  SampleType sample_type = SampleType::ci16;
  int antennas = 1;  // core:num_channels
  double sample_rate_hz = 0;
  std::string dataset;  // core:dataset, a file name; empty: NAME.sigmf-data
  std::optional<double> full_scale;
  std::optional<std::int64_t> first_slot, slots;
  std::vector<nlohmann::json> annotations;
};

/// Throws Error for what is no SigMF, misses a field or holds one out of range; UnsupportedError for what SigMF allows
/// and Pado cannot read.
SigmfMeta parse_sigmf_meta(std::string_view text);

}  // namespace pado::stream
