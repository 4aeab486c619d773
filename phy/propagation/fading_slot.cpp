// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/propagation/fading_slot.h"

#include <cmath>

namespace pado::propagation {
namespace {

using Basis = std::array<std::array<float, nr::kSymbolsPerSlot>, FadingSlot::kParts>;

// Powers of the distance from the slot's middle, made orthonormal one after the other.
Basis make_basis() {
  std::array<std::array<double, nr::kSymbolsPerSlot>, FadingSlot::kParts> exact{};
  Basis basis{};
  for (int part = 0; part < FadingSlot::kParts; ++part) {
    auto& now = exact[part];
    for (int l = 0; l < nr::kSymbolsPerSlot; ++l) now[l] = std::pow((l - 6.5) / 6.5, part);
    for (int before = 0; before < part; ++before) {
      double along = 0;
      for (int l = 0; l < nr::kSymbolsPerSlot; ++l) along += now[l] * exact[before][l];
      for (int l = 0; l < nr::kSymbolsPerSlot; ++l) now[l] -= along * exact[before][l];
    }
    double energy = 0;
    for (const double x : now) energy += x * x;
    for (int l = 0; l < nr::kSymbolsPerSlot; ++l) {
      now[l] /= std::sqrt(energy);
      basis[part][l] = static_cast<float>(now[l]);
    }
  }
  return basis;
}

const Basis kBasis = make_basis();

}  // namespace

FadingSlot::FadingSlot(const nr::Carrier& carrier, const FadingConfig& config, int stride)
    : antennas_(carrier.antennas),
      transmit_antennas_(config.transmit_antennas),
      subcarriers_(nr::kSubcarriersPerPrb * carrier.carrier_prb),
      stride_(stride),
      channel_(carrier, config),
      parts_(static_cast<std::size_t>(antennas_ * transmit_antennas_ * kParts) * static_cast<std::size_t>(stride)),
      now_(static_cast<std::size_t>(subcarriers_)) {}

float FadingSlot::value(int part, int symbol) noexcept { return kBasis[part][symbol]; }

void FadingSlot::set_slot(std::int64_t slot) noexcept {
  channel_.set_slot(slot);
  std::array<cf32, 24> gains{};
  const auto taps = static_cast<std::size_t>(channel_.taps());
  for (int antenna = 0; antenna < antennas_; ++antenna) {
    for (int transmit = 0; transmit < transmit_antennas_; ++transmit) {
      for (int index = 0; index < kParts; ++index) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
          gains[tap] = {};
          for (int l = 0; l < nr::kSymbolsPerSlot; ++l)
            gains[tap] = gains[tap] + kBasis[index][l] * channel_.tap(l, antenna, static_cast<int>(tap), transmit);
        }
        channel_.response_of(
            std::span(gains).first(taps), 0,
            std::span(parts_).subspan(row(antenna, transmit, index), static_cast<std::size_t>(subcarriers_)));
      }
    }
  }
}

void FadingSlot::add(const TransmitGrid& sent, float amplitude, std::span<cf32> received) noexcept {
  for (int antenna = 0; antenna < antennas_; ++antenna) {
    for (int l = 0; l < nr::kSymbolsPerSlot; ++l) {
      cf32* out = received.data() + static_cast<std::ptrdiff_t>(antenna * nr::kSymbolsPerSlot + l) * stride_;
      for (int transmit = 0; transmit < transmit_antennas_; ++transmit) {
        const cf32* p0 = &parts_[row(antenna, transmit, 0)];
        const cf32 *p1 = p0 + stride_, *p2 = p1 + stride_, *p3 = p2 + stride_;
        const float b0 = amplitude * kBasis[0][l], b1 = amplitude * kBasis[1][l], b2 = amplitude * kBasis[2][l],
                    b3 = amplitude * kBasis[3][l];
        for (int k = 0; k < subcarriers_; ++k) now_[k] = b0 * p0[k] + b1 * p1[k] + (b2 * p2[k] + b3 * p3[k]);
        const cf32* in = sent.row(transmit, l).data();
        for (int k = 0; k < subcarriers_; ++k) out[k] = out[k] + now_[k] * in[k];
      }
    }
  }
}

}  // namespace pado::propagation
