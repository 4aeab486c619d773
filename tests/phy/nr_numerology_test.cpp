// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/numerology.h"

#include <cmath>

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado::nr;

TEST_CASE("slot timing: 15 kHz has a long prefix in symbols 0 and 7", "[nr]") {
  const SlotTiming t = slot_timing(15000, 2048, 0);
  CHECK(t.samples == 30720);
  CHECK(t.prefix_samples[0] == 160);
  CHECK(t.prefix_samples[7] == 160);
  CHECK(t.prefix_samples[1] == 144);
  CHECK(t.symbol_start[0] == 160);
  CHECK(t.symbol_start[1] == 160 + 2048 + 144);
  CHECK(t.symbol_start[7] == 15360 + 160);
}

TEST_CASE("slot timing: 30 kHz has a long prefix in symbol 0 of either slot", "[nr]") {
  for (const int slot : {0, 1}) {
    const SlotTiming t = slot_timing(30000, 4096, slot);
    CHECK(t.samples == 61440);
    CHECK(t.prefix_samples[0] == 352);
    CHECK(t.prefix_samples[7] == 288);
  }
}

TEST_CASE("slot timing: symbols follow one another without a gap for every FFT", "[nr]") {
  for (const int scs_hz : {15000, 30000}) {
    for (int fft = 128; fft <= 4096; fft += 128) {
      const SlotTiming t = slot_timing(scs_hz, fft, 0);
      int at = 0;
      for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
        at += t.prefix_samples[symbol];
        CHECK(t.symbol_start[symbol] == at);
        at += fft;
      }
      CHECK(at == t.samples);
      CHECK(t.samples * slots_per_subframe(scs_hz) == 15 * fft * (scs_hz / 15000));
    }
  }
}

TEST_CASE("slot timing: at 60 kHz slots 0 and 2 of a subframe are longer", "[nr]") {
  CHECK(slot_timing(60000, 1024, 0).samples == 15392 - 16);
  CHECK(slot_timing(60000, 1024, 0).samples - slot_timing(60000, 1024, 1).samples == 32);
  CHECK(slot_timing(60000, 1024, 2).samples == slot_timing(60000, 1024, 0).samples);
}

TEST_CASE("slot timing: counting samples and counting slots agree for every spacing and first slot", "[nr]") {
  const int scs_hz = GENERATE(15000, 30000, 60000, 120000), fft_size = GENERATE(128, 1536);
  const std::int64_t subframe = static_cast<std::int64_t>(scs_hz / 1000) * fft_size;
  for (int first = 0; first < slots_per_frame(scs_hz); ++first) {
    CHECK(samples_of_slots(scs_hz, fft_size, first, slots_per_subframe(scs_hz)) == subframe);
    for (int slots = 0; slots < 20; ++slots) {
      const std::int64_t samples = samples_of_slots(scs_hz, fft_size, first, slots);
      CHECK(slots_in_samples(scs_hz, fft_size, first, samples) == slots);
      if (slots > 0) CHECK(slots_in_samples(scs_hz, fft_size, first, samples - 1) == slots - 1);
    }
  }
}

TEST_CASE("phase compensation: equals the formula of TS 38.211, 5.4", "[nr]") {
  const double f0_hz = 3427500000.0;
  for (const int slot : {0, 1}) {
    const SlotTiming t = slot_timing(30000, 1536, slot);
    for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
      const long double start_s = (slot * 23040.0L + t.symbol_start[symbol]) / (30000.0L * 1536);
      const long double cycles = -f0_hz * start_s;
      const double expected = static_cast<double>(cycles - std::floor(cycles));
      const double got = phase_compensation_cycles(f0_hz, 30000, 1536, slot, symbol);
      CHECK(std::abs(std::remainder(got - expected, 1.0)) < 1e-9);
      CHECK((got >= 0 && got < 1));
    }
  }
}

TEST_CASE("phase compensation: 0 without a carrier frequency", "[nr]") {
  CHECK(phase_compensation_cycles(0, 15000, 512, 0, 13) == 0);
}

namespace {
struct BadCarrier {
  Carrier carrier;
  const char* message;
};
}  // namespace

TEST_CASE("carrier: out of range is refused with the allowed values", "[nr]") {
  const BadCarrier rows[] = {
      {{.scs_hz = 240000}, "subcarrier spacing beyond 120 kHz is not supported"},
      {{.scs_hz = 17000}, "scs_hz 17000 is not 15000, 30000, 60000 or 120000"},
      {{.fft_size = 1000}, "fft_size 1000 is not a multiple of 128"},
      {{.fft_size = 8192}, "fft_size 8192"},
      {{.carrier_prb = 0}, "carrier of 0 PRB is not from 1 to 275"},
      {{.carrier_prb = 86}, "carrier of 86 PRB (1032 subcarriers) does not fit fft_size 1024: at most 85 PRB"},
      {{.phase_compensation_hz = NAN}, "phase_compensation_hz nan"},
      {{.antennas = 0}, "antennas 0 is not from 1 to 64"},
      {{.antennas = 65}, "antennas 65 is not from 1 to 64"},
  };
  for (const BadCarrier& row : rows) {
    INFO(row.message);
    CHECK_THROWS_WITH(validate(row.carrier), ContainsSubstring(row.message));
  }
  CHECK_NOTHROW(validate(Carrier{.antennas = 64}));
  CHECK_NOTHROW(validate(Carrier{}));
}
