// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/sigmf_meta.h"

#include "phy/nr/error.h"
#include "tests/catch.h"
#include "tests/stream/example_recording.h"

using namespace pado::stream;
using namespace pado::tests;

TEST_CASE("metadata: what is right is read", "[stream]") {
  const SigmfMeta meta = parse_sigmf_meta(example_metadata().dump());
  CHECK(meta.sample_type == SampleType::ci16);
  CHECK(meta.antennas == 2);
  CHECK(meta.sample_rate_hz == 30.72e6);
  CHECK(meta.full_scale == 8192);
  CHECK(meta.first_slot == 19);
  CHECK(meta.slots == 2);
  CHECK(meta.annotations.size() == 1);
}

TEST_CASE("metadata: a plain SigMF file without pado fields is read", "[stream]") {
  const SigmfMeta meta = parse_sigmf_meta(R"({"global": {"core:datatype": "cf32_le", "core:sample_rate": 7680000}})");
  CHECK(meta.antennas == 1);
  CHECK_FALSE(meta.full_scale);
  CHECK(meta.annotations.empty());
}

TEST_CASE("metadata: fields that nobody knows are ignored", "[stream]") {
  nlohmann::json metadata = example_metadata();
  metadata["global"]["someone:else"] = {1, 2, 3};
  metadata["collection"] = nullptr;
  CHECK_NOTHROW(parse_sigmf_meta(metadata.dump()));
}

TEST_CASE("metadata: each mistake is refused by field and what would be right", "[stream]") {
  const struct {
    Change change;
    const char* message;
  } rows[] = {
      {{"/global", ""}, "the object global is missing"},
      {{"/global", "[]"}, "the object global is missing"},
      {{"/global/core:datatype", ""}, "core:datatype is missing"},
      {{"/global/core:datatype", "\"ri16_le\""},
       "core:datatype \"ri16_le\" is not one that Pado reads: ci16_le, cf32_le"},
      {{"/global/core:datatype", "\"cf32_be\""}, "core:datatype \"cf32_be\""},
      {{"/global/core:datatype", "5"}, "core:datatype 5 is not text"},
      {{"/global/core:sample_rate", ""}, "core:sample_rate is missing"},
      {{"/global/core:sample_rate", "0"}, "core:sample_rate 0 is not above 0"},
      {{"/global/core:sample_rate", "-3.5"}, "core:sample_rate -3.5 is not above 0"},
      {{"/global/core:sample_rate", "1e300"}, "core:sample_rate 1e+300"},
      {{"/global/core:sample_rate", "\"30720000\""}, "core:sample_rate \"30720000\" is not a finite number"},
      {{"/global/core:num_channels", "0"}, "core:num_channels 0 is not from 1 to 64"},
      {{"/global/core:num_channels", "65"}, "core:num_channels 65: more than 64 antennas are not supported"},
      {{"/global/core:num_channels", "18446744073709551615"},
       "core:num_channels 18446744073709551615 is not an integer"},
      {{"/global/core:num_channels", "9223372036854775807"}, "more than 64 antennas are not supported"},
      {{"/global/core:num_channels", "1.5"}, "core:num_channels 1.5 is not an integer"},
      {{"/global/pado:full_scale", "0"}, "pado:full_scale 0 is not above 0"},
      {{"/global/pado:full_scale", "true"}, "pado:full_scale true is not a finite number"},
      {{"/global/pado:first_slot", "-1"}, "pado:first_slot -1 is not from 0"},
      {{"/global/pado:first_slot", ""}, "pado:first_slot is missing beside pado:slots"},
      {{"/global/pado:slots", "0"}, "pado:slots 0 is not from 1"},
      {{"/global/pado:slots", "9223372036854775807"}, "pado:slots 9223372036854775807 is not from 1"},
      {{"/global/core:metadata_only", "true"}, "core:metadata_only is true"},
      {{"/global/core:dataset", "\"../../etc/passwd\""}, "is not the name of a file in the same folder"},
      {{"/global/core:dataset", "\"..\""}, "is not the name of a file in the same folder"},
      {{"/global/core:dataset", "\"\""}, "is not the name of a file in the same folder"},
      {{"/global/core:offset", "100"}, "core:offset 100: other than 0 is not supported"},
      {{"/global/core:trailing_bytes", "4"}, "core:trailing_bytes 4: other than 0 is not supported"},
      {{"/captures", "{}"}, "captures is not an array"},
      {{"/captures/0", "7"}, "captures holds something that is not an object"},
      {{"/captures/0/core:header_bytes", "64"}, "core:header_bytes other than 0 is not supported"},
      {{"/annotations", "{}"}, "annotations is not an array"},
  };
  for (const auto& row : rows) {
    INFO(row.change.pointer << " " << row.change.value);
    nlohmann::json metadata = example_metadata();
    apply(metadata, row.change);
    CHECK_THROWS_WITH(parse_sigmf_meta(metadata.dump()), ContainsSubstring(row.message));
  }
}

TEST_CASE("metadata: what is no JSON object is refused", "[stream]") {
  const std::string good = example_metadata().dump();
  CHECK_THROWS_WITH(parse_sigmf_meta(""), ContainsSubstring("not JSON"));
  CHECK_THROWS_WITH(parse_sigmf_meta(good.substr(0, good.size() / 2)), ContainsSubstring("not JSON: byte"));
  CHECK_THROWS_WITH(parse_sigmf_meta("[1]"), ContainsSubstring("not a JSON object"));
  CHECK_THROWS_WITH(parse_sigmf_meta(R"({"global": {"core:sample_rate": 1e999}})"), ContainsSubstring("not JSON"));
  CHECK_THROWS_AS(parse_sigmf_meta(std::string(100000, '[')), pado::Error);
  CHECK_THROWS_AS(parse_sigmf_meta("{\"global\": \"\xff\xfe\"}"), pado::Error);
}
