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

// Step 1 for one antenna and symbol, type 1: both combs come with one load of 2 * Lanes subcarriers.
void least_squares_row(const cf32* grid, const float* sign_re, const float* sign_im, int pilots,
                       const bool* alternating, const float* sign, float* const* re, float* const* im, double* energy) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V port[2], sum[2];
  for (int comb = 0; comb < 2; ++comb) {
    const V one = hn::Set(d, sign[comb]);
    port[comb] = alternating[comb] ? hn::OddEven(hn::Neg(one), one) : one;
    sum[comb] = hn::Zero(d);
  }
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

// The same in place for pilots that lie side by side already.
void least_squares_in_place(const float* sign_re, const float* sign_im, int pilots, bool alternating, float sign,
                            float* re, float* im, double* energy) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V one = hn::Set(d, sign), port = alternating ? hn::OddEven(hn::Neg(one), one) : one;
  V sum = hn::Zero(d);
  for (int j = 0; j < pilots; j += lanes) {
    const V y_re = hn::Load(d, re + j), y_im = hn::Load(d, im + j);
    const V s0 = hn::Mul(port, hn::Load(d, sign_re + j)), s1 = hn::Mul(port, hn::Load(d, sign_im + j));
    const V z_re = first_lanes(hn::MulAdd(s0, y_re, hn::Mul(s1, y_im)), pilots - j);
    const V z_im = first_lanes(hn::NegMulAdd(s1, y_re, hn::Mul(s0, y_im)), pilots - j);
    hn::Store(z_re, d, re + j);
    hn::Store(z_im, d, im + j);
    sum = hn::MulAdd(z_re, z_re, hn::MulAdd(z_im, z_im, sum));
  }
  *energy += sum_of(sum);
}

// out[j] = (first[j] + sign second[j]) / 2; out may be one of them.
void combine_pair(const float* first, const float* second, float sign, int pilots, float* out) {
  const D d;
  const V half = hn::Set(d, 0.5F), other = hn::Set(d, 0.5F * sign);
  for (int j = 0; j < pilots; j += static_cast<int>(hn::Lanes(d)))
    hn::Store(hn::MulAdd(other, hn::Load(d, second + j), hn::Mul(half, hn::Load(d, first + j))), d, out + j);
}

// out[j] = (z[j] + sign z[j + 1]) / sqrt(2) at even j, 0 at odd ones: what one of two ports sends.
void keep_port(const float* z, float sign, int pilots, float* out) {
  const D d;
  const V size = hn::Set(d, 0.70710678F), other = hn::Set(d, 0.70710678F * sign), zero = hn::Zero(d);
  for (int j = 0; j < pilots; j += static_cast<int>(hn::Lanes(d))) {
    const V sum = hn::MulAdd(other, hn::LoadU(d, z + j + 1), hn::Mul(size, hn::Load(d, z + j)));
    hn::Store(hn::OddEven(zero, sum), d, out + j);
  }
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

// z[j] *= turn[j]
void turn_row_in_place(float* re, float* im, const float* turn_re, const float* turn_im, int pilots) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int j = 0; j < pilots; j += lanes) {
    const V c = hn::Load(d, turn_re + j), s = hn::Load(d, turn_im + j);
    const V zr = hn::Load(d, re + j), zi = hn::Load(d, im + j);
    hn::Store(hn::NegMulAdd(zi, s, hn::Mul(zr, c)), d, re + j);
    hn::Store(hn::MulAdd(zr, s, hn::Mul(zi, c)), d, im + j);
  }
}

template <int kTaps>
HWY_INLINE double squared_difference_of(const float* x, const NoiseDifference& difference) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d)), end = difference.step * difference.places;
  const V zero = hn::Zero(d);
  V sum = zero;
  for (int j = 0; j < end; j += lanes) {
    V v = hn::Mul(hn::Set(d, difference.weight[0]), hn::LoadU(d, x + j));
    for (int i = 1; i < kTaps; ++i)
      v = hn::MulAdd(hn::Set(d, difference.weight[i]), hn::LoadU(d, x + j + difference.offset[i]), v);
    v = first_lanes(difference.step == 2 ? hn::OddEven(zero, v) : v, end - j);
    sum = hn::MulAdd(v, v, sum);
  }
  return sum_of(sum);
}

// Sum of the squared differences of a row, real or imaginary part. Weights beyond the difference's taps are 0.
double squared_difference(const float* x, const NoiseDifference& difference) {
  return difference.taps <= 4 ? squared_difference_of<4>(x, difference) : squared_difference_of<6>(x, difference);
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {

HWY_EXPORT(least_squares_row);
HWY_EXPORT(correlate);
HWY_EXPORT(turn_row);
HWY_EXPORT(turn_row_in_place);
HWY_EXPORT(least_squares_in_place);
HWY_EXPORT(combine_pair);
HWY_EXPORT(keep_port);
HWY_EXPORT(squared_difference);

namespace {

// Sequence bits to signs, with the 1/sqrt(2) of QPSK and the pilot's amplitude taken out.
void expand_signs(const ChannelWork& w) {
  const float size = 0.70710678F / w.shape.amplitude;
  const float of_bit[2] = {size, -size};
  const int words = pilot_words(w.shape.type, w.shape.prbs);
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

const cf32* pilot_symbol(const ChannelWork& w, int antenna, int s) {
  return w.args.grid.data() +
         static_cast<std::ptrdiff_t>(antenna * kSymbolsPerSlot + w.shape.dmrs_symbol[s]) * w.shape.grid_stride +
         w.shape.first_subcarrier;
}

// Of a set whose minus on a pair's second symbol is taken out with the sequence.
float sign_of(const ChannelWork& w, const PilotSet& set, int s) {
  return set.second_minus && !w.sets.spread && w.shape.second[s] ? -1.0F : 1.0F;
}

void least_squares_type_1(ChannelWork& w, int antenna, int s) {
  float *re[2] = {}, *im[2] = {};
  float sign[2] = {1, 1};
  bool alternating[2] = {};
  for (int c = 0; c < w.sets.count; ++c) {
    const PilotSet& set = w.sets.set[c];
    re[set.cdm_group] = w.scratch.pilots.re(w.row(c, antenna, s));
    im[set.cdm_group] = w.scratch.pilots.im(w.row(c, antenna, s));
    alternating[set.cdm_group] = set.alternating;
    sign[set.cdm_group] = sign_of(w, set, s);
  }
  double energy[2] = {};
  HWY_DYNAMIC_DISPATCH(least_squares_row)
  (pilot_symbol(w, antenna, s), w.scratch.signs.re(s), w.scratch.signs.im(s), w.pilots(), alternating, sign, re, im,
   energy);
  for (int c = 0; c < w.sets.count; ++c) w.sums.energy[c][antenna] += energy[w.sets.set[c].cdm_group];
}

// Pilots of one set, gathered first.
void least_squares_of_set(ChannelWork& w, int c, int antenna, int s) {
  const PilotSet& set = w.sets.set[c];
  float* re = w.scratch.pilots.re(w.row(c, antenna, s));
  float* im = w.scratch.pilots.im(w.row(c, antenna, s));
  const cf32* grid = pilot_symbol(w, antenna, s);
  for (int j = 0; j < w.pilots(); ++j) {
    const cf32 y = grid[pilot_subcarrier(w.shape.type, set.cdm_group, j)];
    re[j] = y.re;
    im[j] = y.im;
  }
  HWY_DYNAMIC_DISPATCH(least_squares_in_place)
  (w.scratch.signs.re(s), w.scratch.signs.im(s), w.pilots(), set.alternating, sign_of(w, set, s), re, im,
   &w.sums.energy[c][antenna]);
}

// Pairs of symbols to the sum or difference that the set's ports are in.
void combine_pairs(ChannelWork& w, int c, int antenna) {
  const float sign = w.sets.set[c].second_minus ? -1.0F : 1.0F;
  w.sums.energy[c][antenna] = 0;
  for (int s = 0; s < w.symbols(); ++s) {
    const int row = w.row(c, antenna, s), first = w.row(c, antenna, 2 * s);
    float* re = w.scratch.pilots.re(row);
    float* im = w.scratch.pilots.im(row);
    HWY_DYNAMIC_DISPATCH(combine_pair)
    (w.scratch.pilots.re(first), w.scratch.pilots.re(first + 1), sign, w.pilots(), re);
    HWY_DYNAMIC_DISPATCH(combine_pair)
    (w.scratch.pilots.im(first), w.scratch.pilots.im(first + 1), sign, w.pilots(), im);
    w.sums.energy[c][antenna] += HWY_DYNAMIC_DISPATCH(correlate)(re, im, re, im, w.pilots()).re;
  }
}

// The rows `own` of a shared set.
void keep_own_port(ChannelWork& w, int c, int antenna, int s) {
  const float sign = w.sets.set[c].own_alternates ? -1.0F : 1.0F;
  const int row = w.row(c, antenna, s);
  float* re = w.scratch.own.re(row);
  float* im = w.scratch.own.im(row);
  HWY_DYNAMIC_DISPATCH(keep_port)(w.scratch.pilots.re(row), sign, w.pilots(), re);
  HWY_DYNAMIC_DISPATCH(keep_port)(w.scratch.pilots.im(row), sign, w.pilots(), im);
  w.sums.own_energy[c][antenna] += HWY_DYNAMIC_DISPATCH(correlate)(re, im, re, im, w.pilots()).re;
}

// The rows that tell this user's delay and CFO.
const PlanarRows& rows_of_user(const ChannelWork& w, int c) {
  return w.sets.set[c].shared ? w.scratch.own : w.scratch.pilots;
}

// The turn at the pilots of type 2, which do not lie at even distances.
void gather_turn(const ChannelWork& w, int cdm_group) {
  for (int j = 0; j < w.pilots(); ++j) {
    const int k = pilot_subcarrier(w.shape.type, cdm_group, j);
    w.scratch.pilot_turn.re(cdm_group)[j] = w.scratch.turn.re(0)[k];
    w.scratch.pilot_turn.im(cdm_group)[j] = w.scratch.turn.im(0)[k];
  }
}

}  // namespace

void least_squares(ChannelWork& w) {
  expand_signs(w);
  const int pilots = w.pilots();
  for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
    for (int c = 0; c < w.sets.count; ++c) w.sums.energy[c][antenna] = w.sums.own_energy[c][antenna] = 0;
    for (int s = 0; s < w.shape.dmrs_symbols; ++s) {
      if (w.shape.type == 1 && !w.sets.spread) {
        least_squares_type_1(w, antenna, s);
      } else {
        for (int c = 0; c < w.sets.count; ++c) least_squares_of_set(w, c, antenna, s);
      }
    }
    for (int c = 0; c < w.sets.count; ++c) {
      if (w.sets.spread) combine_pairs(w, c, antenna);
      for (int s = 0; s < w.symbols(); ++s) {
        if (w.sets.set[c].shared) keep_own_port(w, c, antenna, s);
        const PlanarRows& rows = rows_of_user(w, c);
        const float* zr = rows.re(w.row(c, antenna, s));
        const float* zi = rows.im(w.row(c, antenna, s));
        w.sums.lag2 = w.sums.lag2 + HWY_DYNAMIC_DISPATCH(correlate)(zr + 2, zi + 2, zr, zi, pilots - 2);
      }
    }
  }
}

void remove_delay(ChannelWork& w) {
  make_turn(w.scratch.turn, static_cast<double>(w.shape.scs_hz) * w.delay_s, 12 * w.shape.prbs);
  for (int c = 0; c < w.sets.count; ++c) {
    const PilotSet& set = w.sets.set[c];
    if (w.shape.type == 2) gather_turn(w, set.cdm_group);
    for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
      double sum = 0;
      for (int s = 0; s < w.symbols(); ++s) {
        float* re = w.scratch.pilots.re(w.row(c, antenna, s));
        float* im = w.scratch.pilots.im(w.row(c, antenna, s));
        if (w.shape.type == 1) {
          HWY_DYNAMIC_DISPATCH(turn_row)
          (re, im, w.scratch.turn.re(0), w.scratch.turn.im(0), set.cdm_group, w.pilots());
        } else {
          HWY_DYNAMIC_DISPATCH(turn_row_in_place)
          (re, im, w.scratch.pilot_turn.re(set.cdm_group), w.scratch.pilot_turn.im(set.cdm_group), w.pilots());
        }
        sum += HWY_DYNAMIC_DISPATCH(squared_difference)(re, set.difference);
        sum += HWY_DYNAMIC_DISPATCH(squared_difference)(im, set.difference);
      }
      w.sums.difference[c][antenna] = sum / (set.difference.energy * set.difference.places * w.symbols());
    }
  }
}

void correlate_symbols(ChannelWork& w) {
  for (int c = 0; c < w.sets.count; ++c) {
    const PlanarRows& rows = rows_of_user(w, c);
    for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
      for (int s = 1; s < w.symbols(); ++s) {
        for (int r = 0; r < s; ++r) {
          const int later = w.row(c, antenna, s), earlier = w.row(c, antenna, r);
          const cf32 sum = HWY_DYNAMIC_DISPATCH(correlate)(rows.re(later), rows.im(later), rows.re(earlier),
                                                           rows.im(earlier), w.pilots());
          cf32& all = w.sums.correlation[s * kMaxDmrsSymbols + r];
          all = all + (1 / w.noise[antenna]) * sum;
        }
      }
    }
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
