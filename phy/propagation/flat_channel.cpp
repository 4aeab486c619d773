// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/flat_channel.h"

#include <cmath>
#include <numbers>

#include "phy/ofdm_shape.h"

namespace pado::propagation {

FlatChannel::FlatChannel(const nr::Carrier& carrier) : carrier_(carrier), modulator_(carrier.fft_size) {}

void FlatChannel::add_slot(const FlatPath& path, const TransmitGrid& grid, int slot, const Window& window,
                           std::span<cf32> received) {
  const double rate_hz = static_cast<double>(carrier_.scs_hz) * carrier_.fft_size;
  auto shape = ofdm_modulate_shape(carrier_, slot);
  shape.delay_samples = path.delay_s * rate_hz;
  const auto at_antennas = apply_gains(path.gains, std::pow(10.0, path.gain_db / 20), grid);
  for (int antenna = 0; antenna < path.gains.antennas; ++antenna) {
    antenna_.assign(window.samples, {});
    modulator_.add_slot(shape, at_antennas.layer(antenna), window.from_slot_start, antenna_);
    cf32* out = received.data() + antenna * window.samples;
    for (int n = 0; n < window.samples; ++n) {
      cf32 x = antenna_[n];
      if (path.cfo_hz != 0) {
        const double time = static_cast<double>(window.from_recording_start + n) / rate_hz;
        const double turn = 2 * std::numbers::pi * std::fmod(path.cfo_hz * time, 1.0);
        x = x * cf32{static_cast<float>(std::cos(turn)), static_cast<float>(std::sin(turn))};
      }
      out[n] = out[n] + x;
    }
  }
}

}  // namespace pado::propagation
