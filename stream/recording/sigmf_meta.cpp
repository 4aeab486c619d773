// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/sigmf_meta.h"

#include <fmt/format.h>

#include "phy/nr/error.h"
#include "phy/nr/grant.h"
#include "stream/recording/json_fields.h"

namespace pado::stream {
namespace {

using nlohmann::json;

constexpr double kMaxRateHz = 1e10;
constexpr std::int64_t kMaxSlots = 1'000'000'000;

json parse_json(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw Error(fmt::format("not JSON: byte {} cannot stand there", error.byte));
  } catch (const json::exception&) {
    throw Error("not JSON: a number in it is too large");
  }
}

SampleType sample_type(const JsonFields& global) {
  const std::string text = global.text("core:datatype");
  if (text == name(SampleType::ci16)) return SampleType::ci16;
  if (text == name(SampleType::cf32)) return SampleType::cf32;
  global.refuse("core:datatype", "one that Pado reads: ci16_le, cf32_le");
}

int antennas(const JsonFields& global) {
  if (!global.has("core:num_channels")) return 1;
  const std::int64_t count = global.long_integer("core:num_channels");
  if (count > nr::kMaxAntennas) {
    throw UnsupportedError(
        fmt::format("core:num_channels {}: more than {} antennas are not supported", count, nr::kMaxAntennas));
  }
  if (count < 1) global.refuse("core:num_channels", "from 1 to 64");
  return static_cast<int>(count);
}

std::optional<std::int64_t> count(const JsonFields& global, const char* field, std::int64_t low) {
  if (!global.has(field)) return std::nullopt;
  const std::int64_t value = global.long_integer(field);
  if (value < low || value > kMaxSlots) {
    throw Error(fmt::format("{} {} is not from {} to {}", field, value, low, kMaxSlots));
  }
  return value;
}

double positive(const JsonFields& global, const char* field, double high) {
  const double value = global.number(field);
  if (!(value > 0 && value <= high)) throw Error(fmt::format("{} {} is not above 0 and up to {}", field, value, high));
  return value;
}

std::string dataset(const JsonFields& global) {
  if (global.has("core:metadata_only") && global.flag("core:metadata_only")) {
    throw Error("core:metadata_only is true: there are no samples to decode");
  }
  if (!global.has("core:dataset")) return {};
  const std::string file = global.text("core:dataset");
  if (file.empty() || file == "." || file == ".." || file.find_first_of(std::string("/\\\0", 3)) != std::string::npos) {
    global.refuse("core:dataset", "the name of a file in the same folder");
  }
  return file;
}

// Parts of SigMF that move the first sample away from the first byte.
void refuse_shifted_data(const JsonFields& global, const json& root) {
  for (const char* field : {"core:offset", "core:trailing_bytes"}) {
    if (global.has(field) && global.long_integer(field) != 0) {
      throw UnsupportedError(fmt::format("{} {}: other than 0 is not supported", field, global.long_integer(field)));
    }
  }
  const auto captures = root.find("captures");
  if (captures == root.end()) return;
  if (!captures->is_array()) throw Error("captures is not an array");
  for (const json& capture : *captures) {
    if (!capture.is_object()) throw Error("captures holds something that is not an object");
    const JsonFields fields(capture, "captures: ");
    if (fields.has("core:header_bytes") && fields.long_integer("core:header_bytes") != 0) {
      throw UnsupportedError("captures: core:header_bytes other than 0 is not supported");
    }
  }
}

}  // namespace

SigmfMeta parse_sigmf_meta(std::string_view text) {
  json root = parse_json(text);
  if (!root.is_object()) throw Error("not SigMF: the file is not a JSON object");
  const auto global_member = root.find("global");
  if (global_member == root.end() || !global_member->is_object())
    throw Error("not SigMF: the object global is missing");
  const JsonFields global(*global_member, "");
  SigmfMeta meta;
  meta.sample_type = sample_type(global);
  meta.antennas = antennas(global);
  meta.sample_rate_hz = positive(global, "core:sample_rate", kMaxRateHz);
  meta.dataset = dataset(global);
  if (global.has("pado:full_scale")) meta.full_scale = positive(global, "pado:full_scale", 1e30);
  meta.first_slot = count(global, "pado:first_slot", 0);
  meta.slots = count(global, "pado:slots", 1);
  if (meta.slots && !meta.first_slot) throw Error("pado:first_slot is missing beside pado:slots");
  refuse_shifted_data(global, root);
  if (const auto found = root.find("annotations"); found != root.end()) {
    if (!found->is_array()) throw Error("annotations is not an array");
    meta.annotations = std::move(found->get_ref<json::array_t&>());
  }
  return meta;
}

}  // namespace pado::stream
