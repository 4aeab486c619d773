// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/bler/requirement.h"

#include <array>

#include "phy/nr/mcs.h"
#include "phy/nr/tbs.h"

namespace pado::station::bler {
namespace {

// TS 38.104 V17, tables 8.2.1.2-7 and -14 as far as they concern 100 MHz and 30 kHz; reference channels of annex A.
constexpr std::array<Requirement, 15> kRequirements{{
    {"A3-1x2", "G-FR1-A3-14", 1, 1, 2, "tdlb100", 400, -2.8},
    {"A4-1x2", "G-FR1-A4-14", 10, 1, 2, "tdlc300", 100, 10.2},
    {"A5-1x2", "G-FR1-A5-14", 13, 1, 2, "tdla30", 10, 13.0},
    {"A3-1x4", "G-FR1-A3-14", 1, 1, 4, "tdlb100", 400, -5.8},
    {"A4-1x4", "G-FR1-A4-14", 10, 1, 4, "tdlc300", 100, 6.5},
    {"A5-1x4", "G-FR1-A5-14", 13, 1, 4, "tdla30", 10, 9.0},
    {"A3-1x8", "G-FR1-A3-14", 1, 1, 8, "tdlb100", 400, -8.7},
    {"A4-1x8", "G-FR1-A4-14", 10, 1, 8, "tdlc300", 100, 3.2},
    {"A5-1x8", "G-FR1-A5-14", 13, 1, 8, "tdla30", 10, 5.8},
    {"A3-2x2", "G-FR1-A3-28", 1, 2, 2, "tdlb100", 400, 1.4},
    {"A4-2x2", "G-FR1-A4-28", 10, 2, 2, "tdlc300", 100, 19.2},
    {"A3-2x4", "G-FR1-A3-28", 1, 2, 4, "tdlb100", 400, -2.2},
    {"A4-2x4", "G-FR1-A4-28", 10, 2, 4, "tdlc300", 100, 11.6},
    {"A3-2x8", "G-FR1-A3-28", 1, 2, 8, "tdlb100", 400, -5.2},
    {"A4-2x8", "G-FR1-A4-28", 10, 2, 8, "tdlc300", 100, 7.1},
}};

}  // namespace

std::span<const Requirement> requirements() { return kRequirements; }

nr::Carrier carrier_of(const Requirement& requirement) {
  return {.scs_hz = 30000,
          .carrier_prb = 273,
          .fft_size = 4096,
          .phase_compensation_hz = 0,
          .antennas = requirement.antennas};
}

nr::PuschGrant grant_of(const Requirement& requirement) {
  const nr::Mcs mcs = *nr::mcs(nr::McsTable::qam256, requirement.mcs);
  nr::PuschGrant grant;
  grant.rnti = 1;
  grant.bwp_size = grant.prb_count = 273;
  grant.dmrs.additional_position = 1;
  grant.layers = requirement.layers;
  grant.dmrs.ports.clear();
  for (int layer = 0; layer < requirement.layers; ++layer) grant.dmrs.ports.push_back(layer);
  grant.modulation = mcs.modulation;
  grant.code_rate_x1024 = mcs.code_rate_x1024;
  grant.tbs_bits = nr::transport_block_size(grant);
  grant.harq_process = "0";
  return grant;
}

}  // namespace pado::station::bler
