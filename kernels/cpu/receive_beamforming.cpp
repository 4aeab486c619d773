// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/scratch.h"
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/receive_beamforming.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cpu/group_vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// In-place inverse of the covariance's Cholesky factor (lower triangle); an unusable matrix gives infinities, which the
// caller masks.
template <int A>
HWY_INLINE void invert_factor(C (&r)[A][A]) {
  const D d;
  const V one = hn::Set(d, 1.0F);
  V inverse[A];
  for (int i = 0; i < A; ++i) {
    for (int j = 0; j <= i; ++j) {
      C sum = r[i][j];
      for (int k = 0; k < j; ++k) sum = multiply_subtract(r[i][k], conjugate(r[j][k]), sum);
      if (i == j) {
        inverse[i] = hn::Div(one, hn::Sqrt(sum.re));
      } else {
        r[i][j] = scaled(inverse[j], sum);
      }
    }
  }
  for (int j = 0; j < A; ++j) {
    for (int i = j + 1; i < A; ++i) {
      C sum = scaled(inverse[j], r[i][j]);
      for (int k = j + 1; k < i; ++k) sum = multiply_add(r[i][k], r[k][j], sum);
      r[i][j] = scaled(hn::Neg(inverse[i]), sum);
    }
    r[j][j] = {inverse[j], hn::Zero(d)};
  }
}

struct Rows {  // of one vector of groups
  const WeightsShape& shape;
  const WeightsArgs<Backend>& args;
  int half, group;
  [[nodiscard]] const cf32* channel(int antenna, int layer, int branch) const {
    return args.channel.data() +
           static_cast<std::ptrdiff_t>((antenna * shape.layers + layer) * kMaxBranches + branch) * shape.channel_stride;
  }
  [[nodiscard]] const cf32* covariance(int i, int j) const {
    return args.covariance.data() + static_cast<std::ptrdiff_t>(i * shape.antennas + j) * shape.covariance_stride;
  }
  [[nodiscard]] float* sinr(int layer) const {
    return args.sinr.data() + static_cast<std::ptrdiff_t>(half * shape.layers + layer) * shape.group_stride + group;
  }
  [[nodiscard]] float* weight(int layer, int antenna) const {
    const int row = (half * shape.layers + layer) * shape.antennas + antenna;
    return &args.weights[static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.group_stride) + group].re;
  }
};

template <int A, int L>
HWY_INLINE void load_channel(const Rows& at, C (&h)[A][L]) {
  const D d;
  const ChannelSummary& s = at.args.summary[at.shape.joint.summary[0]];
  for (int a = 0; a < A; ++a) {
    for (int l = 0; l < L; ++l) {
      h[a][l] = {hn::Zero(d), hn::Zero(d)};
      for (int b = 0; b < s.branches; ++b) {
        const cf32 gain = s.time_gain[b * kSymbolsPerSlot + at.shape.centre_symbol[at.half]];
        h[a][l] = multiply_add({hn::Set(d, gain.re), hn::Set(d, gain.im)}, group_centres(at.channel(a, l, b), at.group),
                               h[a][l]);
      }
    }
  }
}

// Weights of one vector of groups. With the whitened channel G = C^-1 H (R = C C^H): W = (G^H G + I)^-1 G^H C^-1, and
// the layer's SINR is 1/[(G^H G + I)^-1]_ll - 1.
template <int A, int L>
HWY_INLINE void weights_of_groups(const Rows& at) {
  const D d;
  const V one = hn::Set(d, 1.0F), zero = hn::Zero(d);
  C h[A][L], c[A][A];
  load_channel<A, L>(at, h);
  for (int i = 0; i < A; ++i)
    for (int j = 0; j <= i; ++j) c[i][j] = spread_prbs(at.covariance(i, j), at.group);
  invert_factor<A>(c);
  C white[A][L];
  for (int a = 0; a < A; ++a) {
    for (int l = 0; l < L; ++l) {
      white[a][l] = scaled(c[a][a].re, h[a][l]);
      for (int k = 0; k < a; ++k) white[a][l] = multiply_add(c[a][k], h[k][l], white[a][l]);
    }
  }
  V power[L];
  for (int l = 0; l < L; ++l) {
    power[l] = squared(white[0][l]);
    for (int a = 1; a < A; ++a) power[l] = hn::Add(power[l], squared(white[a][l]));
  }
  C filtered[L][A];  // (G^H G + I)^-1 G^H
  V sinr[L];
  if constexpr (L == 1) {
    const V inverse = hn::Div(one, hn::Add(power[0], one));
    sinr[0] = power[0];
    for (int a = 0; a < A; ++a) filtered[0][a] = scaled(inverse, conjugate(white[a][0]));
  } else {
    C cross = conjugate(white[0][0]) * white[0][1];
    for (int a = 1; a < A; ++a) cross = multiply_add(conjugate(white[a][0]), white[a][1], cross);
    const V p0 = hn::Add(power[0], one), p1 = hn::Add(power[1], one);
    const V coupling = squared(cross);
    const V inverse = hn::Div(one, hn::Sub(hn::Mul(p0, p1), coupling));
    sinr[0] = hn::Sub(power[0], hn::Div(coupling, p1));
    sinr[1] = hn::Sub(power[1], hn::Div(coupling, p0));
    for (int a = 0; a < A; ++a) {
      const C g0 = conjugate(white[a][0]), g1 = conjugate(white[a][1]);
      filtered[0][a] = scaled(inverse, multiply_subtract(cross, g1, scaled(p1, g0)));
      filtered[1][a] = scaled(inverse, multiply_subtract(conjugate(cross), g0, scaled(p0, g1)));
    }
  }
  auto good = hn::Ge(sinr[0], zero);  // false for NaN
  for (int l = 0; l < L; ++l) good = hn::And(good, hn::And(hn::Ge(sinr[l], zero), hn::Lt(sinr[l], hn::Set(d, 1e30F))));
  for (int l = 0; l < L; ++l) {
    hn::StoreU(hn::IfThenElseZero(good, sinr[l]), d, at.sinr(l));
    for (int a = 0; a < A; ++a) {
      C w = scaled(c[a][a].re, filtered[l][a]);
      for (int k = a + 1; k < A; ++k) w = multiply_add(filtered[l][k], c[k][a], w);
      hn::StoreInterleaved2(hn::IfThenElseZero(good, w.re), hn::IfThenElseZero(good, w.im), d, at.weight(l, a));
    }
  }
  HWY_ALIGN float ok[hn::MaxLanes(D())];
  hn::Store(hn::IfThenElseZero(good, one), d, ok);
  GroupStatus* status = at.args.status.data() + static_cast<std::ptrdiff_t>(at.half) * at.shape.group_stride + at.group;
  for (int i = 0; i < static_cast<int>(hn::Lanes(d)); ++i)
    status[i] = ok[i] > 0 ? GroupStatus::ok : GroupStatus::unusable;
}

template <int A, int L>
void weights_of_allocation(const WeightsShape& shape, const WeightsArgs<Backend>& args) {
  const int lanes = static_cast<int>(hn::Lanes(D()));
  for (int half = 0; half < kHalves; ++half)
    for (int group = 0; group < shape.groups; group += lanes) weights_of_groups<A, L>({shape, args, half, group});
}

void dispatch_weights(const WeightsShape& shape, const WeightsArgs<Backend>& args) {
  for_size(shape.antennas, shape.layers, [&]<int A, int L>() { weights_of_allocation<A, L>(shape, args); });
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {
HWY_EXPORT(dispatch_weights);
}  // namespace

void compute_receive_weights(Backend& on, const WeightsShape& shape, const WeightsArgs<Backend>& args) noexcept {
  if (has_instance(shape.antennas, shape.layers, shape.joint) && !shape.separately) {
    HWY_DYNAMIC_DISPATCH(dispatch_weights)(shape, args);
  } else {
    weigh_any_size(shape, args, on.scratch().beams);
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
