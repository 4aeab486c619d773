// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cassert>
#include <cmath>
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/phase_ramp.h"
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

// x[i] *= the ramp's phase; count is a multiple of a block.
void turn(cf32* x, int count, const PhaseRamp& ramp) {
  const hn::CappedTag<float, PhaseRamp::kBlock> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  std::complex<double> at = ramp.start;
  for (int block = 0; block < count; block += PhaseRamp::kBlock, at *= ramp.step) {
    const auto at_re = hn::Set(d, static_cast<float>(at.real())), at_im = hn::Set(d, static_cast<float>(at.imag()));
    for (int i = 0; i < PhaseRamp::kBlock; i += lanes) {
      const auto base_re = hn::Load(d, ramp.re + i), base_im = hn::Load(d, ramp.im + i);
      const auto w_re = hn::NegMulAdd(at_im, base_im, hn::Mul(at_re, base_re));
      const auto w_im = hn::MulAdd(at_im, base_re, hn::Mul(at_re, base_im));
      hn::Vec<decltype(d)> re, im;
      hn::LoadInterleaved2(d, &x[block + i].re, re, im);
      hn::StoreInterleaved2(hn::NegMulAdd(im, w_im, hn::Mul(re, w_re)), hn::MulAdd(im, w_re, hn::Mul(re, w_im)), d,
                            &x[block + i].re);
    }
  }
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(widen);
HWY_EXPORT(scale);
HWY_EXPORT(turn);

// A user's carrier frequency offset, its phase counted from the slot's first sample.
void remove_cfo(cf32* x, int count, double cycles_per_sample, int first_sample) {
  constexpr double kTwoPi = 6.283185307179586;
  PhaseRamp ramp;
  for (int i = 0; i < PhaseRamp::kBlock; ++i) {
    ramp.re[i] = static_cast<float>(std::cos(kTwoPi * cycles_per_sample * i));
    ramp.im[i] = static_cast<float>(-std::sin(kTwoPi * cycles_per_sample * i));
  }
  const double start_cycles = cycles_per_sample * first_sample;
  ramp.start = {std::cos(kTwoPi * start_cycles), -std::sin(kTwoPi * start_cycles)};
  const double step_cycles = cycles_per_sample * PhaseRamp::kBlock;
  ramp.step = {std::cos(kTwoPi * step_cycles), -std::sin(kTwoPi * step_cycles)};
  HWY_DYNAMIC_DISPATCH(turn)(x, count, ramp);
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
