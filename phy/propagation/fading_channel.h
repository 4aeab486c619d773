// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/complex.h"
#include "phy/nr/grant.h"
#include "phy/propagation/mimo_correlation.h"
#include "phy/propagation/tdl_profile.h"
#include "phy/transmit_grid.h"

namespace pado::propagation {

/// How a UE's transmit antennas reach the receiver's antennas.
struct FadingConfig {
  const TdlProfile* profile = nullptr;
  double delay_spread_s = 100e-9;  // of a profile that has none of its own
  double doppler_hz = 10;          // the largest shift: speed / c * carrier frequency
  double delay_s = 0;              // of the first tap
  double gain_db = 0;              // mean over the fading
  std::uint64_t seed = 1, stream = 0;
  int transmit_antennas = 1;
  MimoCorrelation correlation = MimoCorrelation::low;  // none
};

/// A tapped delay line, TR 38.901, 7.7, with Rayleigh taps of Jakes' Doppler spectrum: each tap is a sum of plane waves
/// from all around, so that its autocorrelation is J0(2 pi doppler_hz t). Antennas fade
/// independently, or each tap alike correlated.
///
/// It acts on the resource grid: the channel is held constant within a symbol, and echoes beyond the cyclic prefix do
/// no harm. Within a symbol of 33 us a channel of 400 Hz Doppler turns by 0.08 rad, which spreads -31 dB of its energy
/// over other subcarriers: below the noise of a user under 30 dB. Beyond the prefix of 2.3 us lie 0.2 % of TDL-C's
/// energy at a delay spread of 300 ns. Not for two threads at a time.
class FadingChannel {
 public:
  /// Throws Error for a carrier or a number out of range.
  FadingChannel(const nr::Carrier& carrier, const FadingConfig& config);

  /// Works out the taps in all symbols of the slot, counted from time 0. To be called before the others.
  void set_slot(std::int64_t slot) noexcept;

  /// The channel of the set slot's symbol, from the given subcarrier on.
  void response(int symbol, int antenna, int first_subcarrier, std::span<cf32> channel, int transmit = 0) noexcept;
  /// What tap gains of one's own would do, one a tap.
  void response_of(std::span<const cf32> gains, int first_subcarrier, std::span<cf32> channel) noexcept;

  /// Adds what a user sends on some PRBs to what the antennas receive, [antenna][symbol][subcarrier]. sent: a layer a
  /// transmit antenna.
  void add(const TransmitGrid& sent, int prb_start, int prb_count, TransmitGrid& received) noexcept;

  /// Gain of one tap, [symbol][antenna][tap]: for tests, and for who needs the truth.
  [[nodiscard]] cf32 tap(int symbol, int antenna, int index, int transmit = 0) const noexcept {
    const std::size_t at = tap_index(symbol, antenna, transmit) + static_cast<std::size_t>(index);
    return {tap_re_[at], tap_im_[at]};
  }
  [[nodiscard]] int taps() const { return taps_; }

 private:
  struct Wave {
    double doppler_hz = 0, phase = 0;  // in cycles
  };
  [[nodiscard]] std::size_t tap_index(int symbol, int antenna, int transmit) const noexcept {
    const int path = (symbol * transmit_antennas_ + transmit) * antennas_ + antenna;
    return static_cast<std::size_t>(path) * static_cast<std::size_t>(taps_);
  }
  void draw_waves(const FadingConfig& config);
  void lay_steering(const nr::Carrier& carrier, const FadingConfig& config);
  void correlate_antennas(std::span<float> gains) const noexcept;
  void fill_response(const float* gains_re, const float* gains_im, int first_subcarrier, int count) noexcept;

  int antennas_ = 1, transmit_antennas_ = 1, subcarriers_ = 0, taps_ = 0;
  double slot_s_ = 0, first_symbol_s_ = 0, symbol_s_ = 0;  // first_symbol_s_: its centre, from the slot's start
  std::vector<double> amplitude_;                          // [tap], of one wave
  std::vector<float> root_;                                // of the paths' correlation, lower triangle; empty: none
  std::vector<Wave> waves_;                                // [transmit][antenna][tap][wave]
  std::vector<float> turn_re_, turn_im_;                   // the same shape: a wave's turn from symbol to symbol
  std::vector<float> wave_re_, wave_im_;                   // the same shape: the waves of the current symbol
  std::vector<float> tap_re_, tap_im_;                     // [symbol][transmit][antenna][tap]
  std::vector<float> steering_re_, steering_im_;           // [tap][subcarrier]: what its delay does
  std::vector<float> channel_re_, channel_im_;             // [subcarrier], of one symbol and antenna
};

}  // namespace pado::propagation
