// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "phy/nr/dmrs.h"
#include "phy/nr/mcs.h"
#include "phy/nr/tbs.h"
#include "tests/catch.h"

using namespace pado::nr;
using Json = nlohmann::json;

namespace {

PuschGrant grant_of(const Json& pusch) {
  const Json& dmrs = pusch.at("dmrs");
  PuschGrant g;
  g.prb_count = pusch.at("prb_count");
  g.symbol_start = pusch.at("symbol_start");
  g.symbol_count = pusch.at("symbol_count");
  g.mapping_type = pusch.at("mapping_type") == "A" ? MappingType::a : MappingType::b;
  g.dmrs.type = dmrs.at("type");
  g.dmrs.type_a_position = dmrs.at("typeA_position");
  g.dmrs.additional_position = dmrs.at("additional_position");
  g.dmrs.length = dmrs.at("length");
  g.dmrs.cdm_groups_without_data = dmrs.at("cdm_groups_without_data");
  g.modulation = modulation_from_name(pusch.at("modulation").get<std::string>()).value();
  g.code_rate_x1024 = pusch.at("code_rate_x1024");
  g.layers = pusch.at("layers");
  g.x_overhead = pusch.at("x_overhead");
  return g;
}

McsTable table_of(const std::string& label) {
  if (label.find("5.1.3.1-2") != std::string::npos) return McsTable::qam256;
  return label.find("5.1.3.1-3") != std::string::npos ? McsTable::qam64_low_se : McsTable::qam64;
}

}  // namespace

TEST_CASE("foreign transmitters agree on MCS, block size, base graph and DM-RS symbols", "[nr][vectors]") {
  int transmissions = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PADO_SOURCE_DIR "/testvectors")) {
    if (entry.path().extension() != ".sigmf-meta") continue;
    std::ifstream file(entry.path());
    const Json metadata = Json::parse(file);
    for (const Json& annotation : metadata.at("annotations")) {
      const Json& pusch = annotation.at("pado:pusch");
      INFO(entry.path().filename().string() << " " << annotation.at("core:label"));
      const PuschGrant g = grant_of(pusch);
      const auto m = mcs(table_of(pusch.at("mcs_table")), pusch.at("mcs_index"));
      REQUIRE(m);
      CHECK(m->modulation == g.modulation);
      CHECK(m->code_rate_x1024 == g.code_rate_x1024);
      CHECK(dmrs_symbols(g) == pusch.at("dmrs").at("symbols").get<std::vector<int>>());
      CHECK(transport_block_size(g) == pusch.at("tbs_bits").get<int>());
      CHECK(base_graph(pusch.at("tbs_bits"), g.code_rate_x1024) == pusch.at("base_graph").get<int>());
      ++transmissions;
    }
  }
  CHECK(transmissions == 127);
}
