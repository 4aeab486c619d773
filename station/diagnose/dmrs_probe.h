// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <vector>

#include "kernels/cpu/backend.h"
#include "phy/nr/grant.h"
#include "phy/nr/numerology.h"

namespace pado::station {

/// Samples around a slot, [antenna][sample], at the carrier's rate.
struct SampleWindow {
  int antennas = 0;
  int samples = 0;     // of one antenna
  int slot_start = 0;  // where the slot is said to begin
  std::vector<cf32> data;
};

/// How well received elements go with a DM-RS sequence. Each is divided by its pilot, and products of next neighbours
/// of one CDM group and sign are added up: a channel is smooth, so they have one phase where the sequence is right,
/// whatever delay, gain and carrier phase are; where it is wrong the phases are random.
struct Correlation {
  std::complex<double> sum;
  double energy = 0;   // what |sum| would be without noise
  double squares = 0;  // sum of the products' squared magnitudes

  void operator+=(const Correlation& other);
  [[nodiscard]] double value() const;  // 0 to 1; the share of the elements' energy that is DM-RS
  /// Exponentially distributed with mean 1 where the sequence is wrong.
  [[nodiscard]] double significance() const;
  /// Standard deviation of value() where the sequence is wrong.
  [[nodiscard]] double deviation() const;
};

/// Correlates the DM-RS symbols of slots with sequences.
class DmrsProbe {
 public:
  explicit DmrsProbe(const nr::Carrier& carrier);

  /// Demodulates the grant's DM-RS symbols, the slot begun offset samples later than said and shifted by -cfo_hz.
  /// False where the window does not hold them.
  bool demodulate(const SampleWindow& window, const nr::PuschGrant& grant, int offset = 0, double cfo_hz = 0);

  /// Of what was demodulated last, with the sequences of a grant on the same symbols. Subcarriers are taken `shift`
  /// further up than the grant's; sequence_prb is added to the PRB with which the sequence begins.
  [[nodiscard]] Correlation correlate(const nr::PuschGrant& grant, int shift = 0, int sequence_prb = 0) const;

  /// Mean energy of the elements between two subcarriers of the carrier, which may lie outside of it.
  [[nodiscard]] double energy(int first_subcarrier, int end_subcarrier) const;

  /// Most subcarriers by which the grant can be shifted down and up within the sampled band.
  [[nodiscard]] int room_below(const nr::PuschGrant& grant) const;
  [[nodiscard]] int room_above(const nr::PuschGrant& grant) const;

 private:
  [[nodiscard]] int first_bin() const { return carrier_.fft_size / 2 - 6 * carrier_.carrier_prb; }
  struct PilotRow {
    int type, cdm_group, pilots;
  };
  void correlate_row(const cf32* row, const std::vector<std::uint32_t>& pilots, const PilotRow& of,
                     Correlation& result) const;

  nr::Carrier carrier_;
  cpu::Backend on_;
  cpu::HostBuffer<cf32> grid_;  // [antenna][symbol][fft_size]
  std::vector<int> symbols_;    // of the grid that hold something
};

/// The fraction of a subcarrier, -0.5 to 0.5, by which a slot is off, and how much of its energy repeats in the cyclic
/// prefixes (TS 38.211, 5.3.1), which both come from prefixes and symbols' ends.
struct PrefixCorrelation {
  double subcarriers = 0;
  double value = 0;      // 0 to 1
  double deviation = 0;  // of value, in noise
};
PrefixCorrelation correlate_prefixes(const nr::Carrier& carrier, const SampleWindow& window, int slot);

}  // namespace pado::station
