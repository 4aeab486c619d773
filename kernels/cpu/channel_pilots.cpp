// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "kernels/cpu/channel_scratch.h"
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/channel_pilots.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE float sum_of(V v) { return hn::GetLane(hn::SumOfLanes(D(), v)); }

// Lanes first .. n - 1 of a vector are kept, the others 0: rows are read to a whole vector.
HWY_INLINE V first_lanes(V v, int n) {
  return hn::IfThenElseZero(hn::FirstN(D(), static_cast<std::size_t>(n > 0 ? n : 0)), v);
}

// Step 1 for one antenna and symbol: both combs come with one load of 2 * Lanes subcarriers.
void least_squares_row(const cf32* grid, const float* sign_re, const float* sign_im, int pilots,
                       const bool* alternating, float* const* re, float* const* im, double* energy) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V one = hn::Set(d, 1.0F), alternate = hn::OddEven(hn::Neg(one), one);
  const V port[2] = {alternating[0] ? alternate : one, alternating[1] ? alternate : one};
  V sum[2] = {hn::Zero(d), hn::Zero(d)};
  for (int j = 0; j < pilots; j += lanes) {
    V y[2][2];
    hn::LoadInterleaved4(d, &grid[2 * j].re, y[0][0], y[0][1], y[1][0], y[1][1]);
    const V sign0 = hn::Load(d, sign_re + j), sign1 = hn::Load(d, sign_im + j);
    for (int comb = 0; comb < 2; ++comb) {
      if (re[comb] == nullptr) continue;
      const V s0 = hn::Mul(port[comb], sign0), s1 = hn::Mul(port[comb], sign1);
      const V z_re = first_lanes(hn::MulAdd(s0, y[comb][0], hn::Mul(s1, y[comb][1])), pilots - j);
      const V z_im = first_lanes(hn::NegMulAdd(s1, y[comb][0], hn::Mul(s0, y[comb][1])), pilots - j);
      hn::Store(z_re, d, re[comb] + j);
      hn::Store(z_im, d, im[comb] + j);
      sum[comb] = hn::MulAdd(z_re, z_re, hn::MulAdd(z_im, z_im, sum[comb]));
    }
  }
  for (int comb = 0; comb < 2; ++comb) energy[comb] += sum_of(sum[comb]);
}

// Sum over j of a[j + lag] conj b[j], j < count. Rows hold zeros beyond their end.
cf32 correlate(const float* a_re, const float* a_im, const float* b_re, const float* b_im, int count) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V re = hn::Zero(d), im = hn::Zero(d);
  for (int j = 0; j < count; j += lanes) {
    const V xr = first_lanes(hn::LoadU(d, a_re + j), count - j), xi = first_lanes(hn::LoadU(d, a_im + j), count - j);
    const V yr = hn::LoadU(d, b_re + j), yi = hn::LoadU(d, b_im + j);
    re = hn::MulAdd(xr, yr, hn::MulAdd(xi, yi, re));
    im = hn::NegMulAdd(xr, yi, hn::MulAdd(xi, yr, im));
  }
  return {sum_of(re), sum_of(im)};
}

// z[j] *= turn[2 j + comb]
void turn_row(float* re, float* im, const float* turn_re, const float* turn_im, int comb, int pilots) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int j = 0; j < pilots; j += lanes) {
    V c[2], s[2];
    hn::LoadInterleaved2(d, turn_re + 2 * j, c[0], c[1]);
    hn::LoadInterleaved2(d, turn_im + 2 * j, s[0], s[1]);
    const V zr = hn::Load(d, re + j), zi = hn::Load(d, im + j);
    hn::Store(hn::NegMulAdd(zi, s[comb], hn::Mul(zr, c[comb])), d, re + j);
    hn::Store(hn::MulAdd(zr, s[comb], hn::Mul(zi, c[comb])), d, im + j);
  }
}

// Sum over j < count of |w0 x[j] + w1 x[j+d] + w2 x[j+2d] + w3 x[j+3d]|^2 for real and imaginary part alike.
double squared_difference(const float* x, int step, int count, const float* w) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V sum = hn::Zero(d);
  for (int j = 0; j < count; j += lanes) {
    V v = hn::Mul(hn::Set(d, w[0]), hn::LoadU(d, x + j));
    for (int i = 1; i < 4; ++i) v = hn::MulAdd(hn::Set(d, w[i]), hn::LoadU(d, x + j + i * step), v);
    v = first_lanes(v, count - j);
    sum = hn::MulAdd(v, v, sum);
  }
  return sum_of(sum);
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {

HWY_EXPORT(least_squares_row);
HWY_EXPORT(correlate);
HWY_EXPORT(turn_row);
HWY_EXPORT(squared_difference);

namespace {

// Sequence bits to signs, with the 1/sqrt(2) of QPSK and the pilot's amplitude taken out.
void expand_signs(const ChannelWork& w) {
  const float size = 0.70710678F / w.shape.amplitude;
  const float of_bit[2] = {size, -size};
  const int words = pilot_words(w.shape.prbs);
  for (int s = 0; s < w.shape.dmrs_symbols; ++s) {
    float* re = w.scratch.signs.re(s);
    float* im = w.scratch.signs.im(s);
    const std::uint32_t* bits = w.args.pilots.data() + static_cast<std::ptrdiff_t>(s) * words;
    for (int word = 0, j = 0; word < words; ++word) {
      for (std::uint32_t pair = bits[word], i = 0; i < 16; ++i, ++j, pair >>= 2) {
        re[j] = of_bit[pair & 1];
        im[j] = of_bit[(pair >> 1) & 1];
      }
    }
  }
}

// turn[k] = exp(i 2 pi k cycles): 16 at a time, so that rounding does not grow.
void make_turn(const PlanarRows& turn, double cycles, int count) {
  constexpr double kTwoPi = 6.283185307179586;
  float base_re[16], base_im[16];
  for (int i = 0; i < 16; ++i) {
    base_re[i] = static_cast<float>(std::cos(kTwoPi * cycles * i));
    base_im[i] = static_cast<float>(std::sin(kTwoPi * cycles * i));
  }
  const double step_re = std::cos(kTwoPi * cycles * 16), step_im = std::sin(kTwoPi * cycles * 16);
  double at_re = 1, at_im = 0;
  for (int k = 0; k < count; k += 16) {
    const auto re = static_cast<float>(at_re), im = static_cast<float>(at_im);
    for (int i = 0; i < 16; ++i) {
      turn.re(0)[k + i] = re * base_re[i] - im * base_im[i];
      turn.im(0)[k + i] = re * base_im[i] + im * base_re[i];
    }
    const double next_re = at_re * step_re - at_im * step_im;
    at_im = at_re * step_im + at_im * step_re;
    at_re = next_re;
  }
}

}  // namespace

void least_squares(ChannelWork& w) {
  expand_signs(w);
  const int pilots = w.pilots();
  for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
    for (int s = 0; s < w.shape.dmrs_symbols; ++s) {
      const cf32* grid =
          w.args.grid.data() +
          static_cast<std::ptrdiff_t>(antenna * kSymbolsPerSlot + w.shape.dmrs_symbol[s]) * w.shape.grid_stride +
          w.shape.first_subcarrier;
      float *re[2] = {}, *im[2] = {};
      bool alternating[2] = {};
      for (int c = 0; c < w.combs.count; ++c) {
        re[w.combs.comb[c]] = w.scratch.pilots.re(w.row(c, antenna, s));
        im[w.combs.comb[c]] = w.scratch.pilots.im(w.row(c, antenna, s));
        alternating[w.combs.comb[c]] = w.combs.alternating[c];
      }
      double energy[2] = {};
      HWY_DYNAMIC_DISPATCH(least_squares_row)
      (grid, w.scratch.signs.re(s), w.scratch.signs.im(s), pilots, alternating, re, im, energy);
      for (int c = 0; c < w.combs.count; ++c) {
        w.sums.energy[c][antenna] += energy[w.combs.comb[c]];
        const float* zr = re[w.combs.comb[c]];
        const float* zi = im[w.combs.comb[c]];
        w.sums.lag2 = w.sums.lag2 + HWY_DYNAMIC_DISPATCH(correlate)(zr + 2, zi + 2, zr, zi, pilots - 2);
      }
    }
  }
}

void remove_delay(ChannelWork& w) {
  make_turn(w.scratch.turn, static_cast<double>(w.shape.scs_hz) * w.delay_s, 12 * w.shape.prbs);
  const int pilots = w.pilots();
  for (int c = 0; c < w.combs.count; ++c) {
    const int step = w.combs.ports[c];
    static constexpr float kThird[4] = {1, -3, 3, -1}, kSecond[4] = {1, -2, 1, 0};
    const bool third = pilots > 3 * step;
    const int count = pilots - (third ? 3 : 2) * step;
    for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
      double sum = 0;
      for (int s = 0; s < w.shape.dmrs_symbols; ++s) {
        float* re = w.scratch.pilots.re(w.row(c, antenna, s));
        float* im = w.scratch.pilots.im(w.row(c, antenna, s));
        HWY_DYNAMIC_DISPATCH(turn_row)
        (re, im, w.scratch.turn.re(0), w.scratch.turn.im(0), w.combs.comb[c], pilots);
        const float* weights = third ? kThird : kSecond;
        sum += HWY_DYNAMIC_DISPATCH(squared_difference)(re, step, count, weights);
        sum += HWY_DYNAMIC_DISPATCH(squared_difference)(im, step, count, weights);
      }
      w.sums.third_difference[c][antenna] = sum / ((third ? 20.0 : 6.0) * count * w.shape.dmrs_symbols);
    }
  }
}

void correlate_symbols(ChannelWork& w) {
  for (int c = 0; c < w.combs.count; ++c) {
    for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
      for (int s = 1; s < w.shape.dmrs_symbols; ++s) {
        for (int r = 0; r < s; ++r) {
          const int later = w.row(c, antenna, s), earlier = w.row(c, antenna, r);
          const cf32 sum =
              HWY_DYNAMIC_DISPATCH(correlate)(w.scratch.pilots.re(later), w.scratch.pilots.im(later),
                                              w.scratch.pilots.re(earlier), w.scratch.pilots.im(earlier), w.pilots());
          cf32& all = w.sums.correlation[s * kMaxDmrsSymbols + r];
          all = all + (1 / w.noise[antenna]) * sum;
        }
      }
    }
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
