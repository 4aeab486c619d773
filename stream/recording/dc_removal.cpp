// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/dc_removal.h"

#include <algorithm>
#include <cmath>
#include <complex>

// liquid.h takes its complex type from <complex>, which has to come before it.
#include <liquid/liquid.h>

namespace pado::stream {

struct DcRemoval::Filter {
  iirfilt_crcf notch;
};

void DcRemoval::Destroy::operator()(Filter* filter) const {
  iirfilt_crcf_destroy(filter->notch);
  delete filter;
}

namespace {

std::complex<float> to_complex(cf32 x) { return {x.re, x.im}; }
std::complex<float> to_complex(ci16 x) { return {static_cast<float>(x.re), static_cast<float>(x.im)}; }

void store(std::complex<float> x, cf32& out) { out = {x.real(), x.imag()}; }
void store(std::complex<float> x, ci16& out) {
  const auto round = [](float v) { return static_cast<std::int16_t>(std::lrint(std::clamp(v, -32768.0F, 32767.0F))); };
  out = {round(x.real()), round(x.imag())};
}

}  // namespace

// The notch is 3 dB deep at bandwidth / (2 pi) of the rate: a twelfth of a subcarrier here. It settles within two
// symbols.
DcRemoval::DcRemoval(int fft_size)
    : filter_(new Filter{iirfilt_crcf_create_dc_blocker(0.5F / static_cast<float>(fft_size))}) {}

template <class Sample>
void DcRemoval::remove_one(std::span<Sample> antenna) {
  iirfilt_crcf_reset(filter_->notch);
  std::complex<float> out;
  for (const Sample& sample : antenna) iirfilt_crcf_execute(filter_->notch, to_complex(sample), &out);  // to settle
  for (Sample& sample : antenna) {
    iirfilt_crcf_execute(filter_->notch, to_complex(sample), &out);
    store(out, sample);
  }
}

template <class Sample>
void DcRemoval::remove_each(std::span<Sample> slot, int antennas) {
  const std::size_t count = slot.size() / static_cast<std::size_t>(antennas);
  for (int antenna = 0; antenna < antennas; ++antenna) {
    remove_one(slot.subspan(static_cast<std::size_t>(antenna) * count, count));
  }
}

template void DcRemoval::remove_each(std::span<cf32>, int);
template void DcRemoval::remove_each(std::span<ci16>, int);

}  // namespace pado::stream
