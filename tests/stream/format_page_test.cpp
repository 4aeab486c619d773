// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "stream/recording/grants_file.h"
#include "stream/recording/open.h"
#include "tests/catch.h"

using namespace pado::stream;

namespace {

std::string example_on_page() {
  std::ifstream file(PADO_SOURCE_DIR "/docs/recording_format.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = page.find("```yaml\n");
  REQUIRE(begin != std::string::npos);
  return page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
}

}  // namespace

TEST_CASE("format page: its grants file is right", "[stream]") {
  const GrantsFile file = parse_grants_file(example_on_page(), "page");
  CHECK(file.grants.size() == 1);
  CHECK(file.first_sample == 11052);
}

TEST_CASE("format page: its grants file says what a recording from the air says itself", "[stream][vectors]") {
  const char* folder = std::getenv("PADO_EXTRA_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: PADO_EXTRA_VECTORS names no folder with more recordings\n";
    return;
  }
  const Recording annotated = open_recording(std::string(folder) + "/dev16_air_msg3_srsran20");
  Recording granted = annotated;
  granted.slots.clear();
  apply_grants(parse_grants_file(example_on_page(), "page"), granted);
  CHECK(granted.problems.empty());
  CHECK(granted.carrier == annotated.carrier);
  REQUIRE(granted.slots.size() == 1);
  CHECK(granted.slots[0].sample_start == annotated.slots[0].sample_start);
  const auto& a = granted.slots[0].grants.at(0);
  const auto& b = annotated.slots[0].grants.at(0);
  CHECK(a.slot == b.slot);
  CHECK(a.tbs_bits == b.tbs_bits);
  CHECK(a.bwp_size == b.bwp_size);
  CHECK(a.dmrs.additional_position == b.dmrs.additional_position);
  CHECK(a.dmrs.n_id == b.dmrs.n_id);
  CHECK(a.dmrs.power_boost_db == b.dmrs.power_boost_db);
}
