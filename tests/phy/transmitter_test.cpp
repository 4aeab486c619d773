// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/transmitter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "phy/nr/dmrs.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/propagation/random_stream.h"
#include "tests/catch.h"
#include "tests/reference/dmrs.h"

using namespace pado;

namespace {

struct UplinkCase {
  nr::Carrier carrier{.scs_hz = 30000, .carrier_prb = 24, .fft_size = 384, .antennas = 2};
  nr::PuschGrant grant;

  UplinkCase() {
    grant.slot = 7;
    grant.rnti = 0x4601;
    grant.prb_start = 5;
    grant.prb_count = 11;
    grant.n_id = 321;
    grant.dmrs.n_id = 4321;
    grant.modulation = nr::Modulation::qam16;
    grant.code_rate_x1024 = 490;
  }
  std::vector<std::uint8_t> payload() const {
    std::vector<std::uint8_t> bytes((nr::transport_block_size(grant)) / 8);
    propagation::RandomStream random(3, 0);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.bits());
    return bytes;
  }
  TransmitGrid grid() const { return pusch::make_grid(grant, carrier, payload()); }
  bool allocated(int symbol, int subcarrier) const {
    return symbol >= grant.symbol_start && symbol < grant.symbol_start + grant.symbol_count &&
           subcarrier >= 12 * grant.prb_start && subcarrier < 12 * (grant.prb_start + grant.prb_count);
  }
};

double energy(cf32 x) { return norm(x); }

}  // namespace

TEST_CASE("PUSCH transmitter: DM-RS of each port are those of TS 38.211, 6.4.1.1", "[phy][transmitter]") {
  UplinkCase c;
  c.carrier.antennas = 4;
  c.grant.dmrs.additional_position = 1;
  int checked = 0;
  for (const int type : {1, 2}) {
    for (const int length : {1, 2}) {
      for (int first = 0; first < nr::dmrs_ports(type, length); ++first) {
        const int ports = nr::dmrs_ports(type, length);
        c.grant.layers = 1 + first % 4;
        c.grant.dmrs.ports.clear();
        for (int layer = 0; layer < c.grant.layers; ++layer) c.grant.dmrs.ports.push_back((first + layer * 3) % ports);
        c.grant.dmrs.type = type;
        c.grant.dmrs.cdm_groups_without_data = nr::dmrs_cdm_groups(type);
        c.grant.dmrs.length = length;
        c.grant.dmrs.n_scid = length - 1;
        if (ports == 6 && c.grant.layers > 2) continue;  // a step of 3 comes back
        const auto grid = c.grid();
        const auto symbols = nr::dmrs_symbols(c.grant);
        REQUIRE(std::ssize(symbols) == 2 * length);
        double worst = 0;
        for (std::size_t s = 0; s < symbols.size(); ++s) {
          const int l_prime = length == 2 ? static_cast<int>(s % 2) : 0;
          const auto r =
              reference::dmrs_sequence(c.grant.slot, symbols[s], c.grant.dmrs.n_id, c.grant.dmrs.n_scid, 6 * 24);
          for (int layer = 0; layer < c.grant.layers; ++layer) {
            std::vector<std::complex<double>> expected(12 * 24);
            for (const auto& [k, value] :
                 reference::dmrs_elements(type, c.grant.dmrs.ports[layer], l_prime, r, c.grant.prb_start,
                                          c.grant.prb_count, std::pow(10.0, 3 / 20.0)))
              expected[k] = value;
            for (std::size_t k = 0; k < expected.size(); ++k) {
              const cf32 x = grid.row(layer, symbols[s])[k];
              worst = std::max(worst, std::abs(expected[k] - std::complex<double>(x.re, x.im)));
            }
          }
        }
        INFO("type " << type << ", length " << length << ", port " << first);
        CHECK(worst < 1e-6);
        ++checked;
      }
    }
  }
  CHECK(checked == 4 + 8 + 4 + 12);
}

TEST_CASE("PUSCH transmitter: CDM groups of type 2 without data leave the others to data", "[phy][transmitter]") {
  for (const int groups : {1, 2, 3}) {
    UplinkCase c;
    c.grant.dmrs.type = 2;
    c.grant.dmrs.cdm_groups_without_data = groups;
    c.grant.dmrs.power_boost_db = nr::dmrs_power_boost_db(groups);
    const auto grid = c.grid();
    const auto row = grid.row(0, nr::dmrs_symbols(c.grant).front());
    int pilots = 0, data = 0;
    for (std::size_t k = 12 * 5; k < 12 * 16; ++k) {
      if (k % 6 < 2) {
        pilots += std::abs(energy(row[k]) - groups) < 0.03;
      } else {
        data += energy(row[k]) > 0.15;
        CHECK((energy(row[k]) > 0) == (k % 6 >= 2 * static_cast<std::size_t>(groups)));
      }
    }
    CHECK(pilots == 4 * 11);
    CHECK(data == (12 - 4 * groups) * 11);
  }
}

TEST_CASE("PUSCH transmitter: data elements have unit energy, and nothing lies outside the allocation",
          "[phy][transmitter]") {
  for (const auto modulation :
       {nr::Modulation::qpsk, nr::Modulation::qam16, nr::Modulation::qam64, nr::Modulation::qam256}) {
    for (const int layers : {1, 2}) {
      UplinkCase c;
      c.grant.modulation = modulation;
      c.grant.layers = layers;
      if (layers == 2) c.grant.dmrs.ports = {0, 1};
      c.grant.symbol_start = 1;
      c.grant.symbol_count = 12;
      const auto grid = c.grid();
      const auto with_dmrs = nr::dmrs_symbols(c.grant);
      double data = 0, outside = 0;
      int used = 0;
      for (int layer = 0; layer < layers; ++layer) {
        for (int symbol = 0; symbol < 14; ++symbol) {
          for (int k = 0; k < 12 * 24; ++k) {
            const double e = energy(grid.row(layer, symbol)[k]);
            if (!c.allocated(symbol, k))
              outside += e;
            else if (std::ranges::find(with_dmrs, symbol) == with_dmrs.end())
              data += e, ++used;
          }
        }
      }
      CHECK(used == nr::data_elements(c.grant) * layers);
      CHECK(data / used == Approx(1).epsilon(0.06));
      CHECK(outside == 0);
    }
  }
}

TEST_CASE("PUSCH transmitter: one CDM group without data leaves the other comb to data", "[phy][transmitter]") {
  UplinkCase c;
  c.grant.dmrs.cdm_groups_without_data = 1;
  c.grant.dmrs.power_boost_db = 0;
  const auto grid = c.grid();
  const auto row = grid.row(0, nr::dmrs_symbols(c.grant).front());
  int data = 0;
  for (std::size_t k = 12 * 5; k < 12 * 16; ++k) {
    if (k % 2 == 1)
      data += energy(row[k]) > 0.15;
    else
      CHECK(energy(row[k]) == Approx(1));
  }
  CHECK(data == 6 * 11);
}

TEST_CASE("PUSCH transmitter: time samples give the grid back to a receiver with its own clock", "[phy][transmitter]") {
  UplinkCase c;
  c.carrier.phase_compensation_hz = 3427.5e6;
  c.grant.layers = 2;
  c.grant.dmrs.ports = {0, 1};
  const auto grid = c.grid();
  OfdmModulator modulator(c.carrier.fft_size);
  const auto samples = pusch::make_samples(modulator, grid, c.carrier, c.grant.slot);
  const auto timing = nr::slot_timing(c.carrier.scs_hz, c.carrier.fft_size, 1);
  const double rate_hz = 30000.0 * 384;
  for (int layer = 0; layer < 2; ++layer) {
    double worst = 0;
    for (int l = 0; l < 14; ++l) {
      const int start = timing.symbol_start[l];
      // By TS 38.211, 5.4, mixing up with a carrier whose phase is 0 at the useful part's start must leave the grid as
      // it is: mixing with a free-running one turns it by f0 * t, and the transmitter has taken that out.
      const double t = (timing.samples + start) / rate_hz;  // since the subframe began; slot 7 is its second
      const double free_running_cycles = std::fmod(c.carrier.phase_compensation_hz * t, 1.0);
      for (int k = 0; k < 12 * 24; k += 11) {
        std::complex<double> sum = 0;
        for (int n = 0; n < 384; ++n) {
          const cf32 x = samples[layer * timing.samples + start + n];
          sum += std::complex<double>(x.re, x.im) * std::polar(1.0, -2 * std::numbers::pi * n * (k - 144) / 384.0);
        }
        sum *= std::polar(1 / std::sqrt(384.0), 2 * std::numbers::pi * free_running_cycles);
        const cf32 expected = grid.row(layer, l)[k];
        worst = std::max(worst, std::abs(sum - std::complex<double>(expected.re, expected.im)));
      }
    }
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("PUSCH transmitter: refuses what it cannot send, and says why", "[phy][transmitter]") {
  const UplinkCase good;
  CHECK_NOTHROW(good.grid());
  auto short_payload = good.payload();
  short_payload.pop_back();
  CHECK_THROWS_WITH(pusch::make_grid(good.grant, good.carrier, short_payload), ContainsSubstring("payload of"));
  UplinkCase wide;
  wide.grant.prb_count = 20;
  CHECK_THROWS_WITH(wide.grid(), ContainsSubstring("prb_count 20"));
}
