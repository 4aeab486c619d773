// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pado::stream {

/// Complex samples in a file, little endian.
enum class SampleType : std::uint8_t { ci16, cf32 };

constexpr int bytes_per_sample(SampleType type) { return type == SampleType::ci16 ? 4 : 8; }

/// SigMF's name: "ci16_le" or "cf32_le".
constexpr std::string_view name(SampleType type) { return type == SampleType::ci16 ? "ci16_le" : "cf32_le"; }

/// SigMF's names, and what files of such samples are called elsewhere: ci16, sc16, cf32, fc32.
constexpr std::optional<SampleType> sample_type_from_name(std::string_view text) {
  if (text == "ci16_le" || text == "ci16" || text == "sc16") return SampleType::ci16;
  if (text == "cf32_le" || text == "cf32" || text == "fc32") return SampleType::cf32;
  return std::nullopt;
}

}  // namespace pado::stream
