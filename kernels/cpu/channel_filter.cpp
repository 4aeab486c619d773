// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/cpu/channel_scratch.h"
#include "kernels/cpu/simd.h"
#include "kernels/wiener_table.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/channel_filter.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// out += weight * in, complex
void accumulate_row(const float* in_re, const float* in_im, cf32 weight, int count, float* out_re, float* out_im) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V wr = hn::Set(d, weight.re), wi = hn::Set(d, weight.im);
  for (int j = 0; j < count; j += lanes) {
    const V xr = hn::Load(d, in_re + j), xi = hn::Load(d, in_im + j);
    hn::Store(hn::NegMulAdd(wi, xi, hn::MulAdd(wr, xr, hn::Load(d, out_re + j))), d, out_re + j);
    hn::Store(hn::MulAdd(wi, xr, hn::MulAdd(wr, xi, hn::Load(d, out_im + j))), d, out_im + j);
  }
}

HWY_INLINE void store_turned(const float* re, const float* im, const FilterRow& f, int prb, cf32* out) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  alignas(64) cf32 turned[wiener::kLanes];
  for (int i = 0; i < wiener::kLanes; i += lanes) {
    const V hr = hn::Load(d, re + i), hi = hn::Load(d, im + i);
    const V c = hn::LoadU(d, f.turn_re + 12 * prb + i), s = hn::LoadU(d, f.turn_im + 12 * prb + i);
    // times the conjugate: the delay is put back
    hn::StoreInterleaved2(hn::MulAdd(hi, s, hn::Mul(hr, c)), hn::NegMulAdd(hr, s, hn::Mul(hi, c)), d, &turned[i].re);
  }
  std::memcpy(out + 12 * prb, turned, 12 * sizeof(cf32));
}

template <int kType>
HWY_INLINE void filter_row_of_type(const FilterRow& f) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  constexpr int kPilots = pilots_per_prb(kType);  // of a PRB
  const int pilots = kPilots * wiener::window_prbs(f.window);
  for (int prb = 0; prb < f.prbs; ++prb) {
    const int start = wiener::window_start(prb, f.prbs, f.window);
    const int position = prb - start;
    const float* taps = f.taps + static_cast<std::ptrdiff_t>(position) * pilots * wiener::kLanes;
    const float* yr = f.in_re + kPilots * start;
    const float* yi = f.in_im + kPilots * start;
    alignas(64) float plus_re[wiener::kLanes], plus_im[wiener::kLanes], minus_re[wiener::kLanes],
        minus_im[wiener::kLanes];
    for (int i = 0; i < wiener::kLanes; i += lanes) {
      V even_re = hn::Zero(d), even_im = even_re, odd_re = even_re, odd_im = even_re;
      for (int j = 0; j < pilots; j += 2) {
        const V even = hn::Load(d, taps + j * wiener::kLanes + i),
                odd = hn::Load(d, taps + (j + 1) * wiener::kLanes + i);
        even_re = hn::MulAdd(even, hn::Set(d, yr[j]), even_re);
        even_im = hn::MulAdd(even, hn::Set(d, yi[j]), even_im);
        odd_re = hn::MulAdd(odd, hn::Set(d, yr[j + 1]), odd_re);
        odd_im = hn::MulAdd(odd, hn::Set(d, yi[j + 1]), odd_im);
      }
      hn::Store(hn::Add(even_re, odd_re), d, plus_re + i);
      hn::Store(hn::Add(even_im, odd_im), d, plus_im + i);
      hn::Store(hn::Sub(even_re, odd_re), d, minus_re + i);
      hn::Store(hn::Sub(even_im, odd_im), d, minus_im + i);
    }
    const float scale = 1 / std::sqrt(std::max(f.freedom[position], 0.1F));
    for (int j = 0; j < kPilots; ++j) {
      const int m = pilot_subcarrier(kType, f.cdm_group, j), at = kPilots * prb + j;
      float hr = plus_re[m], hi = plus_im[m];
      if (f.ports == 2) {
        const float sign = j % 2 == 0 ? 1.0F : -1.0F;
        hr += sign * minus_re[m], hi += sign * minus_im[m];
      }
      f.residual_re[at] = scale * (f.in_re[at] - hr);
      f.residual_im[at] = scale * (f.in_im[at] - hi);
    }
    if (f.plus != nullptr) store_turned(plus_re, plus_im, f, prb, f.plus);
    if (f.minus != nullptr) store_turned(minus_re, minus_im, f, prb, f.minus);
  }
}

void filter_row(const FilterRow& f) {
  if (f.type == 2) {
    filter_row_of_type<2>(f);
  } else {
    filter_row_of_type<1>(f);
  }
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {

HWY_EXPORT(accumulate_row);
HWY_EXPORT(filter_row);

void form_branches(ChannelWork& w) {
  const int pilots = w.pilots();
  const auto bytes = sizeof(float) * static_cast<std::size_t>(w.scratch.branches.stride());
  cf32 turn[kMaxDmrsSymbols];
  for (int s = 0; s < w.symbols(); ++s) {
    const float angle = -channel_time::kTwoPi * w.cfo_hz * w.instants.at_s[s];
    turn[s] = {std::cos(angle), std::sin(angle)};
  }
  for (int c = 0; c < w.sets.count; ++c) {
    for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
      for (int b = 0; b < w.branches.count; ++b) {
        float* re = w.scratch.branches.re(w.branch_row(c, antenna, b));
        float* im = w.scratch.branches.im(w.branch_row(c, antenna, b));
        std::memset(re, 0, bytes);
        std::memset(im, 0, bytes);
        for (int s = 0; s < w.symbols(); ++s) {
          const int row = w.row(c, antenna, s);
          HWY_DYNAMIC_DISPATCH(accumulate_row)
          (w.scratch.pilots.re(row), w.scratch.pilots.im(row), w.branches.weight[b][s] * turn[s], pilots, re, im);
        }
      }
      if (w.branches.count == w.symbols()) continue;
      for (int s = 0; s < w.symbols(); ++s) {  // what no branch explains; in place: the pilots are done with
        float* re = w.scratch.pilots.re(w.row(c, antenna, s));
        float* im = w.scratch.pilots.im(w.row(c, antenna, s));
        for (int b = 0; b < w.branches.count; ++b) {
          const int row = w.branch_row(c, antenna, b);
          HWY_DYNAMIC_DISPATCH(accumulate_row)
          (w.scratch.branches.re(row), w.scratch.branches.im(row), -w.branches.weight[b][s] * conj(turn[s]), pilots, re,
           im);
        }
      }
    }
  }
}

void filter_branches(ChannelWork& w) {
  const int window = wiener::window_index(w.shape.prbs);
  for (int c = 0; c < w.sets.count; ++c) {
    const PilotSet& set = w.sets.set[c];
    for (int antenna = 0; antenna < w.shape.antennas; ++antenna) {
      for (int b = 0; b < w.branches.count; ++b) {
        const int row = w.branch_row(c, antenna, b), filter = w.filter[c][antenna][b];
        FilterRow f{.taps = w.args.wiener.taps.data() + wiener::taps_offset(filter),
                    .freedom = w.args.wiener.freedom.data() + wiener::position_index(filter, 0),
                    .in_re = w.scratch.branches.re(row),
                    .in_im = w.scratch.branches.im(row),
                    .turn_re = w.scratch.turn.re(0),
                    .turn_im = w.scratch.turn.im(0),
                    .residual_re = w.scratch.residuals.re(row),
                    .residual_im = w.scratch.residuals.im(row),
                    .plus = nullptr,
                    .minus = nullptr,
                    .prbs = w.shape.prbs,
                    .window = window,
                    .type = w.shape.type,
                    .cdm_group = set.cdm_group,
                    .ports = set.ports};
        for (int layer = 0; layer < w.shape.layers; ++layer) {
          const DmrsPort& port = w.shape.port[layer];
          if (!is_of_set(w.sets, c, port)) continue;
          const int out = (antenna * w.shape.channel_layers + w.shape.first_layer + layer) * kMaxBranches + b;
          (is_difference(set, port) ? f.minus : f.plus) = w.args.channel.data() +
                                                          static_cast<std::ptrdiff_t>(out) * w.shape.channel_stride +
                                                          w.shape.channel_offset;
        }
        HWY_DYNAMIC_DISPATCH(filter_row)(f);
      }
    }
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
