// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cassert>
#include <cmath>
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/scratch.h"
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/ofdm_demodulate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 16-bit integers to float; `count` complex samples, out padded to a vector.
void widen(const ci16* in, cf32* out, int count) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<std::int16_t, decltype(d)> d16;
  const hn::RebindToSigned<decltype(d)> d32;
  const int values = 2 * count, lanes = static_cast<int>(hn::Lanes(d));
  const auto* from = &in->re;
  auto* to = &out->re;
  int i = 0;
  for (; i + lanes <= values; i += lanes)
    hn::Store(hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d16, from + i))), d, to + i);
  for (; i < values; ++i) to[i] = from[i];
}

// out[i] = gain * in[i]
void scale(const cf32* in, cf32 gain, cf32* out, int count) {
  const hn::ScalableTag<float> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto gain_re = hn::Set(d, gain.re), gain_im = hn::Set(d, gain.im);
  int i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::Vec<decltype(d)> re, im;
    hn::LoadInterleaved2(d, &in[i].re, re, im);
    const auto out_re = hn::NegMulAdd(im, gain_im, hn::Mul(re, gain_re));
    const auto out_im = hn::MulAdd(im, gain_re, hn::Mul(re, gain_im));
    hn::StoreInterleaved2(out_re, out_im, d, &out[i].re);
  }
  for (; i < count; ++i) out[i] = gain * in[i];
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(widen);
HWY_EXPORT(scale);

// A user's carrier frequency offset; rarely asked for, so plain.
void remove_cfo(cf32* x, int count, double cycles_per_sample, int first_sample) {
  constexpr double kTwoPi = 6.283185307179586;
  for (int i = 0; i < count; ++i) {
    const double cycles = cycles_per_sample * (first_sample + i);
    const double angle = -kTwoPi * (cycles - std::floor(cycles));
    x[i] = x[i] * cf32{static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
  }
}

}  // namespace

void ofdm_demodulate(Backend& on, const OfdmShape& shape, const OfdmArgs<Backend>& args) noexcept {
  OfdmScratch& scratch = on.scratch().ofdm;
  assert(shape.fft_size == on.limits().fft_size);
  cf32* time = scratch.time.view().data();
  cf32* frequency = scratch.frequency.view().data();
  const int half = shape.subcarriers / 2;
  for (int antenna = 0; antenna < shape.antennas; ++antenna) {
    for (int symbol = shape.first_symbol; symbol < shape.first_symbol + shape.symbols; ++symbol) {
      const std::size_t from = static_cast<std::size_t>(antenna) * static_cast<std::size_t>(shape.samples_per_slot) +
                               shape.symbol_start[symbol];
      if (!args.samples_ci16.empty()) {
        HWY_DYNAMIC_DISPATCH(widen)(args.samples_ci16.data() + from, time, shape.fft_size);
      } else {
        std::memcpy(time, args.samples_cf32.data() + from, sizeof(cf32) * static_cast<std::size_t>(shape.fft_size));
      }
      if (shape.cfo_cycles_per_sample != 0) {
        remove_cfo(time, shape.fft_size, shape.cfo_cycles_per_sample, shape.symbol_start[symbol]);
      }
      scratch.fft.execute(time, frequency);
      cf32* row = args.grid.data() + static_cast<std::size_t>(antenna * kSymbolsPerSlot + symbol) * shape.grid_stride;
      const cf32 gain = shape.symbol_gain[symbol];
      HWY_DYNAMIC_DISPATCH(scale)(frequency + shape.fft_size - half, gain, row, half);
      HWY_DYNAMIC_DISPATCH(scale)(frequency, gain, row + half, shape.subcarriers - half);
    }
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
