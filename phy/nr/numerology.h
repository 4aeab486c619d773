// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "phy/nr/grant.h"

namespace pado::nr {

inline constexpr int kSymbolsPerSlot = 14;
inline constexpr int kSubcarriersPerPrb = 12;
/// TS 38.211, 4.4.2 with table 4.3.2-1: the widest grid of any numerology.
inline constexpr int kMaxCarrierPrb = 275;

/// Where the symbols of one slot lie, in samples of the carrier's own rate scs_hz * fft_size; normal cyclic prefix,
/// TS 38.211, 5.3.1. fft_size is a multiple of 128, so that every prefix is a whole number of samples.
struct SlotTiming {
  int samples = 0;                                    // of the slot
  std::array<int, kSymbolsPerSlot> symbol_start{};    // first sample of the useful part (behind the prefix)
  std::array<int, kSymbolsPerSlot> prefix_samples{};  // length of the prefix before it
};
SlotTiming slot_timing(int scs_hz, int fft_size, int slot_in_subframe);

constexpr int slots_per_frame(int scs_hz) { return 10 * (scs_hz / 15000); }
constexpr int slots_per_subframe(int scs_hz) { return scs_hz / 15000; }

/// Length of `slots` slots from slot `first` of a frame on, in samples: from 60 kHz on slots are not equally long.
std::int64_t samples_of_slots(int scs_hz, int fft_size, int first, std::int64_t slots);
/// How many whole slots from slot `first` on fit into `samples`.
std::int64_t slots_in_samples(int scs_hz, int fft_size, int first, std::int64_t samples);

/// Phase, in cycles, that symbol l of the slot gets at the transmitter by TS 38.211, 5.4, for carrier frequency
/// f0_hz: -f0 * (start of the useful part since the subframe began). In [0, 1), in double precision for any f0.
double phase_compensation_cycles(double f0_hz, int scs_hz, int fft_size, int slot_in_subframe, int symbol);

/// Throws Error for a subcarrier spacing other than 15, 30, 60 or 120 kHz, UnsupportedError for those beyond.
void validate_scs(int scs_hz);
/// Throws Error (with the allowed values) where the carrier is out of range: its spacing, fft_size a multiple of 128
/// from 128 to 4096 and at least the grid, 1 to 4 antennas.
void validate(const Carrier& carrier);

}  // namespace pado::nr
