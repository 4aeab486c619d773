// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/validate.h"

#include <cmath>
#include <functional>

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado::nr;

namespace {

PuschGrant good() {
  PuschGrant g;
  g.rnti = 17921;
  g.bwp_size = 51;
  g.prb_count = 51;
  g.code_rate_x1024 = 308;
  return g;
}

struct Row {
  std::function<void(PuschGrant&)> change;
  const char* message;
};

}  // namespace

TEST_CASE("grant: a good one passes, with and without a bandwidth part and a size", "[nr]") {
  PuschGrant g = good();
  CHECK_NOTHROW(validate(g, Carrier{}));
  g.bwp_size = 0;
  g.tbs_bits = 4736;
  CHECK_NOTHROW(validate(g, Carrier{}));
}

TEST_CASE("grant: each mistake is refused by field, value and what would be right", "[nr]") {
  const Row rows[] = {
      {[](auto& g) { g.prb_start = 40, g.prb_count = 20; },
       "prb_start 40 + prb_count 20 = 60 is beyond the carrier's 51 PRB"},
      {[](auto& g) { g.prb_start = 2147483647; }, "is beyond the carrier's 51 PRB"},
      {[](auto& g) { g.prb_start = -1; }, "prb_start -1 is negative"},
      {[](auto& g) { g.prb_count = 0; }, "prb_count 0 is not at least 1"},
      {[](auto& g) { g.bwp_start = 10; }, "bwp_start 10 + bwp_size 51 = 61 is beyond the carrier's 51 PRB"},
      {[](auto& g) { g.bwp_start = 10, g.bwp_size = 20; },
       "PRB 0 to 50 (prb_start, prb_count) leave the bandwidth part"},
      {[](auto& g) { g.slot = 20; }, "slot 20 is not from 0 to 19"},
      {[](auto& g) { g.rnti = 65536; }, "rnti 65536 is not from 0 to 65535"},
      {[](auto& g) { g.n_id = 1024; }, "n_id 1024 is not from 0 to 1023"},
      {[](auto& g) { g.dmrs.n_id = 65536; }, "dmrs n_id 65536"},
      {[](auto& g) { g.dmrs.n_scid = 2; }, "dmrs n_scid 2 is not from 0 to 1"},
      {[](auto& g) { g.rv = 4; }, "rv 4 is not from 0 to 3"},
      {[](auto& g) { g.symbol_start = 4; }, "symbol_start 4 + symbol_count 14 = 18 is beyond the slot's 14 symbols"},
      {[](auto& g) { g.symbol_count = 0; }, "symbol_count 0 is not from 1 to 14"},
      {[](auto& g) { g.dmrs.additional_position = 3, g.dmrs.type_a_position = 3; }, "additional_position 3 needs"},
      {[](auto& g) { g.layers = 0; }, "layers 0 is not from 1 to 4"},
      {[](auto& g) { g.layers = 5; }, "layers 5 is not from 1 to 4"},
      {[](auto& g) { g.layers = 2; }, "layers 2 does not match the 1 dmrs ports"},
      {[](auto& g) { g.layers = 2, g.dmrs.ports = {0, 1}; }, "layers 2 cannot be told apart with 1 antenna"},
      {[](auto& g) { g.layers = 2, g.dmrs.ports = {1, 1}; }, "dmrs port 1 is given twice"},
      {[](auto& g) { g.dmrs.type = 3; }, "dmrs type 3 is not 1 or 2"},
      {[](auto& g) { g.dmrs.ports = {4}; }, "dmrs port 4 is not from 0 to 3, the ports of one front-loaded symbol"},
      {[](auto& g) { g.dmrs.ports = {8}, g.dmrs.length = 2; }, "dmrs port 8 is not from 0 to 7"},
      {[](auto& g) { g.dmrs.ports = {6}, g.dmrs.type = 2; }, "dmrs port 6 is not from 0 to 5, the ports of one"},
      {[](auto& g) { g.dmrs.ports = {-1}, g.dmrs.type = 2; }, "dmrs port -1 is not from 0 to 5"},
      {[](auto& g) { g.dmrs.ports = {12}, g.dmrs.type = 2, g.dmrs.length = 2; }, "dmrs port 12 is not from 0 to 11"},
      {[](auto& g) { g.dmrs.ports = {4}, g.dmrs.type = 2; }, "dmrs port 4 is in CDM group 2, which"},
      {[](auto& g) { g.dmrs.cdm_groups_without_data = 4, g.dmrs.type = 2; }, "cdm_groups_without_data 4 is not from 1"},
      {[](auto& g) { g.dmrs.ports = {2}, g.dmrs.cdm_groups_without_data = 1; }, "dmrs port 2 is in CDM group 1"},
      {[](auto& g) { g.dmrs.cdm_groups_without_data = 3; }, "cdm_groups_without_data 3 is not from 1 to 2"},
      {[](auto& g) { g.dmrs.power_boost_db = NAN; }, "power_boost_db nan is not from -20 to 20"},
      {[](auto& g) { g.x_overhead = 5; }, "x_overhead 5 is not 0, 6, 12 or 18"},
      {[](auto& g) { g.code_rate_x1024 = 0; }, "code_rate_x1024 0 is not above 0"},
      {[](auto& g) { g.code_rate_x1024 = NAN; }, "code_rate_x1024 nan"},
      {[](auto& g) { g.mapping_type = MappingType::b, g.symbol_count = 1; }, "leave no data"},
      {[](auto& g) { g.tbs_bits = 4873; }, "tbs_bits 4873 is not a multiple of 8"},
      {[](auto& g) { g.tbs_bits = -8; }, "tbs_bits -8 is not a multiple of 8 from 24"},
      {[](auto& g) { g.tbs_bits = 2147483640; }, "tbs_bits 2147483640 is not a multiple of 8 from 24"},
      {[](auto& g) { g.tbs_bits = 17000; }, "tbs_bits 17000: transport block of 17000 bits"},
      {[](auto& g) { g.tbs_bits = 15880; }, "is rate 1.0"},
      {[](auto& g) { g.expected_payload = {1, 2, 3}; }, "the payload has 3 bytes, tbs_bits 4736 needs 592"},
  };
  for (const Row& row : rows) {
    INFO(row.message);
    PuschGrant g = good();
    row.change(g);
    CHECK_THROWS_WITH(validate(g, Carrier{}), ContainsSubstring(row.message));
  }
}

TEST_CASE("grant: a retransmission may have less bits than its block", "[nr]") {
  PuschGrant g = good();
  g.tbs_bits = 15880;
  g.new_data = false;
  CHECK_NOTHROW(validate(g, Carrier{}));
  g.new_data = true;
  g.rv = 2;
  CHECK_NOTHROW(validate(g, Carrier{}));
}

TEST_CASE("slot: users may share elements with DM-RS ports or sequences of their own", "[nr]") {
  PuschGrant a = good(), b = good();
  a.rnti = 100;
  b.rnti = 200;
  a.prb_count = 20;
  b.prb_start = 20;
  b.prb_count = 31;
  CHECK_NOTHROW(validate_slot(std::vector{a, b}));
  b.prb_start = 19;
  CHECK_THROWS_WITH(validate_slot(std::vector{a, b}), ContainsSubstring("rnti 100 (PRB 0 to 19") &&
                                                          ContainsSubstring("rnti 200 (PRB 19 to 49") &&
                                                          ContainsSubstring("both have DM-RS port 0"));
  b.dmrs.ports = {1};
  CHECK_NOTHROW(validate_slot(std::vector{a, b}));
  b.dmrs.ports = {0};
  b.dmrs.n_scid = 1;
  CHECK_NOTHROW(validate_slot(std::vector{a, b}));
  b.dmrs.n_scid = 0;
  a.symbol_count = 7;
  b.symbol_start = 7;
  b.symbol_count = 7;
  CHECK_NOTHROW(validate_slot(std::vector{a, b}));
  b.slot = 1;
  CHECK_THROWS_WITH(validate_slot(std::vector{a, b}), ContainsSubstring("are one slot"));
}
