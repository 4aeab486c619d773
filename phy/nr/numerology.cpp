// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/numerology.h"

#include <fmt/format.h>

#include <cmath>

#include "phy/nr/error.h"

namespace pado::nr {
namespace {

constexpr double kMaxFrequencyHz = 100e9;     // beyond every band of TS 38.104
constexpr int kMinFft = 128, kMaxFft = 4096;  // 128 points are one sample of the shortest prefix

/// First sample of the useful part of symbol l of the subframe, and the length of its prefix.
struct SymbolTiming {
  int useful_start;
  int prefix;
};

// TS 38.211, 5.3.1: N_CP = 144 k 2^-mu, and 16 k more every half subframe (symbols 0 and 7 * 2^mu), in samples of the
// rate scs * fft_size.
SymbolTiming symbol_timing(int scs_hz, int fft_size, int symbol_of_subframe) {
  const int slots = slots_per_subframe(scs_hz);
  const int short_prefix = 9 * fft_size / 128;
  const int longer_by = slots * fft_size / 128;
  const int half = 7 * slots;                           // symbols of half a subframe
  const int long_ones = symbol_of_subframe / half + 1;  // up to and with this symbol
  const bool is_long = symbol_of_subframe % half == 0;
  return {.useful_start = symbol_of_subframe * (fft_size + short_prefix) + short_prefix + long_ones * longer_by,
          .prefix = short_prefix + (is_long ? longer_by : 0)};
}

}  // namespace

SlotTiming slot_timing(int scs_hz, int fft_size, int slot_in_subframe) {
  SlotTiming timing;
  const int first = slot_in_subframe * kSymbolsPerSlot;
  const SymbolTiming first_symbol = symbol_timing(scs_hz, fft_size, first);
  const int slot_start = first_symbol.useful_start - first_symbol.prefix;
  for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
    const SymbolTiming t = symbol_timing(scs_hz, fft_size, first + symbol);
    timing.symbol_start[symbol] = t.useful_start - slot_start;
    timing.prefix_samples[symbol] = t.prefix;
  }
  timing.samples = timing.symbol_start.back() + fft_size;
  return timing;
}

std::int64_t samples_of_slots(int scs_hz, int fft_size, int first, std::int64_t slots) {
  const int in_subframe = slots_per_subframe(scs_hz);
  const std::int64_t subframe_samples = static_cast<std::int64_t>(scs_hz / 1000) * fft_size;
  std::int64_t samples = slots / in_subframe * subframe_samples;
  for (int k = 0; k < slots % in_subframe; ++k)
    samples += slot_timing(scs_hz, fft_size, (first + k) % in_subframe).samples;
  return samples;
}

std::int64_t slots_in_samples(int scs_hz, int fft_size, int first, std::int64_t samples) {
  const std::int64_t subframe_samples = static_cast<std::int64_t>(scs_hz / 1000) * fft_size;
  int more = 0;  // slots beyond whole subframes
  while (samples_of_slots(scs_hz, fft_size, first, more + 1) <= samples % subframe_samples) ++more;
  return samples / subframe_samples * slots_per_subframe(scs_hz) + more;
}

double phase_compensation_cycles(double f0_hz, int scs_hz, int fft_size, int slot_in_subframe, int symbol) {
  const SymbolTiming t = symbol_timing(scs_hz, fft_size, slot_in_subframe * kSymbolsPerSlot + symbol);
  const double rate_hz = static_cast<double>(scs_hz) * fft_size;
  // Whole cycles drop out before the product, which stays below 2^53 then: exact for any f0 in whole Hz.
  const double cycles = -std::fmod(std::fmod(f0_hz, rate_hz) * t.useful_start, rate_hz) / rate_hz;
  const double fraction = cycles - std::floor(cycles);
  return fraction < 1 ? fraction : 0;
}

void validate_scs(int scs_hz) {
  if (scs_hz == 240000 || scs_hz == 480000 || scs_hz == 960000) {
    throw UnsupportedError(fmt::format("scs_hz {}: a subcarrier spacing beyond 120 kHz is not supported", scs_hz));
  }
  if (scs_hz != 15000 && scs_hz != 30000 && scs_hz != 60000 && scs_hz != 120000) {
    throw Error(fmt::format("scs_hz {} is not 15000, 30000, 60000 or 120000", scs_hz));
  }
}

void validate(const Carrier& c) {
  validate_scs(c.scs_hz);
  if (c.fft_size < kMinFft || c.fft_size > kMaxFft || c.fft_size % 128 != 0) {
    throw Error(fmt::format("fft_size {} is not a multiple of 128 from {} to {}", c.fft_size, kMinFft, kMaxFft));
  }
  if (c.carrier_prb < 1 || c.carrier_prb > kMaxCarrierPrb) {
    throw Error(fmt::format("carrier of {} PRB is not from 1 to {}", c.carrier_prb, kMaxCarrierPrb));
  }
  if (c.carrier_prb * kSubcarriersPerPrb > c.fft_size) {
    throw Error(fmt::format("carrier of {} PRB ({} subcarriers) does not fit fft_size {}: at most {} PRB",
                            c.carrier_prb, c.carrier_prb * kSubcarriersPerPrb, c.fft_size,
                            c.fft_size / kSubcarriersPerPrb));
  }
  if (!(c.phase_compensation_hz >= 0 && c.phase_compensation_hz <= kMaxFrequencyHz)) {
    throw Error(fmt::format("phase_compensation_hz {} is not from 0 to {}", c.phase_compensation_hz, kMaxFrequencyHz));
  }
  if (c.antennas < 1 || c.antennas > kMaxAntennas) {
    throw Error(fmt::format("antennas {} is not from 1 to {}", c.antennas, kMaxAntennas));
  }
}

}  // namespace pado::nr
