// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
// Our transmitter against transmitters that are not ours: each recording's grid is made again from its metadata and
// payload, a channel is fitted by least squares, and what remains must be the noise that was added, no more and no
// less.
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

#include "phy/nr/dmrs.h"
#include "phy/pusch/transmitter.h"
#include "tests/catch.h"
#include "tests/phy/recorded_slot.h"
#include "tests/reference/least_squares.h"

using namespace pado;
using reference::Complex;

namespace {

/// The channel that is fitted per antenna and layer: taps of a delay line, each a polynomial over the slot.
struct ChannelModel {
  int first_tap = 0, taps = 1;  // of 3/4 of the reciprocal of the allocation's width
  int time_powers = 1;
};
constexpr ChannelModel kFlat{};
constexpr ChannelModel kFading{-4, 14, 3};

// Energy per resource element that the fitted channel does not explain, mean over the antennas.
double unexplained(const std::vector<Complex>& received, const test::RecordedPusch& t, const TransmitGrid& sent,
                   const ChannelModel& model) {
  const int first = 12 * t.grant.prb_start, width = 12 * t.grant.prb_count, subcarriers = 12 * t.carrier.carrier_prb;
  double residual = 0;
  for (int antenna = 0; antenna < t.carrier.antennas; ++antenna) {
    reference::LeastSquares fit(t.grant.layers * model.taps * model.time_powers);
    for (int l = t.grant.symbol_start; l < t.grant.symbol_start + t.grant.symbol_count; ++l) {
      for (int k = first; k < first + width; ++k) {
        std::size_t unknown = 0;
        for (int layer = 0; layer < t.grant.layers; ++layer) {
          const cf32 x = sent.row(layer, l)[k];
          for (int tap = model.first_tap; tap < model.first_tap + model.taps; ++tap) {
            auto value =
                Complex(x.re, x.im) * std::polar(1.0, -2 * std::numbers::pi * 0.75 * tap * (k - first) / width);
            for (int power = 0; power < model.time_powers; ++power, value *= (l - 7) / 7.0)
              fit.row()[unknown++] = value;
          }
        }
        fit.add(received[(antenna * 14 + l) * subcarriers + k]);
      }
    }
    residual += fit.residual() / t.carrier.antennas;
  }
  return residual;
}

void check_recording(const std::string& name, const ChannelModel& model) {
  const test::Recording recording(name);
  REQUIRE_FALSE(recording.transmissions().empty());
  double best_snr_db =
      recording.transmissions().front().snr_db;  // the strongest UE is at 0 dB, the noise is one for all
  for (const auto& t : recording.transmissions()) best_snr_db = std::max(best_snr_db, t.snr_db);
  const double noise = std::pow(10.0, -best_snr_db / 10);
  for (const auto& t : recording.transmissions()) {
    INFO(name << ", slot " << t.grant.slot << ", RNTI " << t.grant.rnti);
    CHECK(nr::dmrs_symbols(t.grant) == t.dmrs_symbols);
    const auto received = recording.demodulate(t);
    const auto grid = pusch::make_grid(t.grant, t.carrier, t.payload);
    const double residual = unexplained(received, t, grid, model);
    INFO("residual " << 10 * std::log10(residual) << " dB, noise " << 10 * std::log10(noise) << " dB");
    const double values = 12.0 * t.grant.prb_count * t.grant.symbol_count * t.carrier.antennas;
    CHECK(residual / noise == Approx(1).margin(0.01 + 5 / std::sqrt(values)));  // five standard deviations
  }
}

}  // namespace

TEST_CASE("foreign transmitters: control information beside the data", "[phy][foreign]") {
  check_recording("dev19_uci_on_pusch", kFlat);
}

TEST_CASE("foreign transmitters: QPSK on base graph 2", "[phy][foreign]") {
  check_recording("dev01_qpsk_25prb_15k", kFlat);
}
TEST_CASE("foreign transmitters: 16QAM in two slots", "[phy][foreign]") {
  check_recording("dev02_16qam_52prb_15k", kFlat);
}
TEST_CASE("foreign transmitters: many code blocks of unequal length", "[phy][foreign]") {
  check_recording("dev03_64qam_106prb_15k_2rx", kFlat);
}
TEST_CASE("foreign transmitters: 256QAM with n_scid 1", "[phy][foreign]") {
  check_recording("dev04_256qam_51prb_30k_2rx", kFlat);
}
TEST_CASE("foreign transmitters: all redundancy versions, in the middle of the carrier", "[phy][foreign]") {
  check_recording("dev05_harq_0231_partial", kFlat);
}
TEST_CASE("foreign transmitters: low code rates, bits sent more than once", "[phy][foreign]") {
  check_recording("dev06_lowrate_table3", kFlat);
}
TEST_CASE("foreign transmitters: two layers of one CDM group", "[phy][foreign]") {
  check_recording("dev07_2layer_4rx", kFlat);
}
TEST_CASE("foreign transmitters: mapping type B", "[phy][foreign]") { check_recording("dev09_mapping_b", kFlat); }
TEST_CASE("foreign transmitters: two UEs side by side under fading", "[phy][foreign]") {
  check_recording("dev12_two_ues_fdm", kFading);
}
TEST_CASE("foreign transmitters: DM-RS type 2 with data beside them", "[phy][foreign]") {
  check_recording("dev11_dmrs_type2", kFlat);
}
TEST_CASE("foreign transmitters: four layers", "[phy][foreign]") { check_recording("dev20_4layer_4rx", kFlat); }
TEST_CASE("foreign transmitters: two-symbol DM-RS", "[phy][foreign]") { check_recording("dev21_double_dmrs", kFlat); }

TEST_CASE("foreign transmitters: another payload, scrambling or DM-RS identity does not explain a recording",
          "[phy][foreign]") {
  const test::Recording recording("dev01_qpsk_25prb_15k");
  const auto& t = recording.transmissions().front();
  const auto received = recording.demodulate(t);
  const double noise = std::pow(10.0, -t.snr_db / 10);
  auto payload = t.payload;
  payload[10] ^= 1;
  CHECK(unexplained(received, t, pusch::make_grid(t.grant, t.carrier, payload), kFlat) > 100 * noise);
  auto grant = t.grant;
  grant.n_id ^= 1;
  CHECK(unexplained(received, t, pusch::make_grid(grant, t.carrier, t.payload), kFlat) > 100 * noise);
  grant = t.grant;
  grant.dmrs.n_id ^= 1;
  CHECK(unexplained(received, t, pusch::make_grid(grant, t.carrier, t.payload), kFlat) > 100 * noise);
}
