// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Receive beamforming for sizes without an instance of their own: many antennas, many layers, users on the same PRBs.
// Vectors run along the groups as they do there; the matrices are in memory, and loops run over sizes that the compiler
// does not know. A PRB's covariance is the same for both halves: it is factored once.
#include "kernels/cpu/beam_scratch.h"
#include "kernels/cpu/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/weights_any_size.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cpu/group_vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

class AnySizeBeams {
 public:
  AnySizeBeams(const WeightsShape& shape, const WeightsArgs<Backend>& args, const BeamScratch& scratch)
      : s_(shape),
        args_(args),
        columns_(covariance_columns(shape.antennas)),
        factor_(scratch.factor.view().data()),
        channel_(scratch.channel.view().data()) {}

  void run() {
    const int lanes = static_cast<int>(hn::Lanes(D()));
    for (int group = 0; group < s_.groups; group += lanes) {
      for (int first = 0; first < s_.antennas; first += kCovarianceBlock) factor_block(first, group);
      for (int half = 0; half < kHalves; ++half) weigh(half, group);
    }
  }

 private:
  static constexpr int kNumber = 2 * kMaxVectorFloats;  // floats of a complex vector
  static HWY_INLINE C get(const float* array, int index) {
    const float* p = array + static_cast<std::ptrdiff_t>(index) * kNumber;
    return {hn::Load(D(), p), hn::Load(D(), p + kMaxVectorFloats)};
  }
  static HWY_INLINE void put(C value, float* array, int index) {
    float* p = array + static_cast<std::ptrdiff_t>(index) * kNumber;
    hn::Store(value.re, D(), p);
    hn::Store(value.im, D(), p + kMaxVectorFloats);
  }
  [[nodiscard]] int block_end(int first) const {
    return first + kCovarianceBlock < s_.antennas ? first + kCovarianceBlock : s_.antennas;
  }
  [[nodiscard]] int at(int antenna, int column) const { return antenna * columns_ + column; }
  [[nodiscard]] int of_layer(int antenna, int index) const { return antenna * layers_ + index; }

  // Cholesky factor of one block, its diagonal inverted. An unusable matrix gives infinities or NaN, which are masked.
  HWY_INLINE void factor_block(int first, int group) {
    const V one = hn::Set(D(), 1.0F);
    for (int i = first; i < block_end(first); ++i) {
      for (int j = first; j <= i; ++j) {
        C sum = spread_prbs(&args_.covariance[static_cast<std::size_t>(at(i, j - first)) *
                                              static_cast<std::size_t>(s_.covariance_stride)],
                            group);
        for (int k = first; k < j; ++k)
          sum = multiply_subtract(get(factor_, at(i, k - first)), conjugate(get(factor_, at(j, k - first))), sum);
        if (i == j) {
          sum = {hn::Div(one, hn::Sqrt(sum.re)), hn::Zero(D())};
        } else {
          sum = scaled(get(factor_, at(j, j - first)).re, sum);
        }
        put(sum, factor_, at(i, j - first));
      }
    }
  }

  HWY_INLINE C channel_at(int half, int group, int antenna, int layer) const {
    const ChannelSummary& summary = args_.summary[s_.joint.summary[static_cast<std::size_t>(layer)]];
    C h{hn::Zero(D()), hn::Zero(D())};
    for (int b = 0; b < summary.branches; ++b) {
      const int row = (antenna * s_.joint.count + layer) * kMaxBranches + b;
      const cf32 gain = summary.time_gain[static_cast<std::size_t>(b * kSymbolsPerSlot + s_.centre_symbol[half])];
      h = multiply_add(
          broadcast(gain),
          group_centres(args_.channel.data() + static_cast<std::ptrdiff_t>(row) * s_.channel_stride, group), h);
    }
    return h;
  }

  void choose_layers(int half) {
    layers_ = 0;
    for (int l = 0; l < s_.joint.count; ++l) {
      if (l == s_.joint.first_own) own_ = layers_;
      if ((s_.present[half] >> l & 1) != 0) layer_[layers_++] = l;
    }
  }

  // G = C^-1 H, block by block.
  HWY_INLINE void whiten(int half, int group) {
    for (int a = 0; a < s_.antennas; ++a) {
      const int first = a / kCovarianceBlock * kCovarianceBlock;
      const V inverse = get(factor_, at(a, a - first)).re;
      for (int l = 0; l < layers_; ++l) {
        C sum = channel_at(half, group, a, layer_[l]);
        for (int k = first; k < a; ++k)
          sum = multiply_subtract(get(factor_, at(a, k - first)), get(channel_, of_layer(k, l)), sum);
        put(scaled(inverse, sum), channel_, of_layer(a, l));
      }
    }
  }

  // K = C^-H G = R^-1 H, in place.
  HWY_INLINE void unwhiten() {
    for (int a = s_.antennas - 1; a >= 0; --a) {
      const int first = a / kCovarianceBlock * kCovarianceBlock, end = block_end(first);
      const V inverse = get(factor_, at(a, a - first)).re;
      for (int l = 0; l < layers_; ++l) {
        C sum = get(channel_, of_layer(a, l));
        for (int k = a + 1; k < end; ++k)
          sum = multiply_subtract(conjugate(get(factor_, at(k, a - first))), get(channel_, of_layer(k, l)), sum);
        put(scaled(inverse, sum), channel_, of_layer(a, l));
      }
    }
  }

  // gram = G^H G, and the Cholesky factor of gram + I with its diagonal inverted: lower triangles.
  HWY_INLINE void factor_gram(C (&gram)[kMaxJointLayers][kMaxJointLayers],
                              C (&d)[kMaxJointLayers][kMaxJointLayers]) const {
    const V one = hn::Set(D(), 1.0F), zero = hn::Zero(D());
    for (int i = 0; i < layers_; ++i) {
      for (int j = 0; j <= i; ++j) {
        C sum{zero, zero};
        for (int a = 0; a < s_.antennas && (i == j || !s_.separately); ++a)
          sum = multiply_add(conjugate(get(channel_, of_layer(a, i))), get(channel_, of_layer(a, j)), sum);
        gram[i][j] = sum;
        if (i == j) sum.re = hn::Add(sum.re, one);
        for (int k = 0; k < j; ++k) sum = multiply_subtract(d[i][k], conjugate(d[j][k]), sum);
        d[i][j] = i == j ? C{hn::Div(one, hn::Sqrt(sum.re)), zero} : scaled(d[j][j].re, sum);
      }
    }
  }

  // x = (gram + I)^-1 e_l from the factor.
  HWY_INLINE void solve(const C (&d)[kMaxJointLayers][kMaxJointLayers], int l, C (&x)[kMaxJointLayers]) const {
    const V zero = hn::Zero(D());
    for (int i = 0; i < layers_; ++i) {
      C sum{i == l ? hn::Set(D(), 1.0F) : zero, zero};
      for (int k = l; k < i; ++k) sum = multiply_subtract(d[i][k], x[k], sum);
      x[i] = scaled(d[i][i].re, sum);
    }
    for (int i = layers_ - 1; i >= 0; --i) {
      for (int k = i + 1; k < layers_; ++k) x[i] = multiply_subtract(conjugate(d[k][i]), x[k], x[i]);
      x[i] = scaled(d[i][i].re, x[i]);
    }
  }

  // With the gain g_l = [(gram + I)^-1 gram]_ll = s / (1 + s) and [(gram + I)^-1]_ll = 1 / (1 + s), the SINR s is their
  // quotient: exact for small ones and large ones.
  void weigh(int half, int group) {
    const V zero = hn::Zero(D());
    choose_layers(half);
    whiten(half, group);
    C gram[kMaxJointLayers][kMaxJointLayers], d[kMaxJointLayers][kMaxJointLayers], x[kMaxLayers][kMaxJointLayers];
    factor_gram(gram, d);
    unwhiten();
    V sinr[kMaxLayers];
    auto good = hn::Ge(zero, zero);
    for (int l = 0; l < s_.layers; ++l) {
      solve(d, own_ + l, x[l]);
      V gain = zero;
      for (int m = 0; m < layers_; ++m) {  // the real part of conj(x_m) gram_ml
        const C g = m >= own_ + l ? gram[m][own_ + l] : conjugate(gram[own_ + l][m]);
        gain = hn::MulAdd(x[l][m].re, g.re, hn::MulAdd(x[l][m].im, g.im, gain));
      }
      sinr[l] = hn::Div(hn::Max(gain, zero), x[l][own_ + l].re);
      good = hn::And(good,
                     hn::And(hn::Eq(gain, gain), hn::And(hn::Ge(sinr[l], zero), hn::Lt(sinr[l], hn::Set(D(), 1e30F)))));
    }
    for (int l = 0; l < s_.layers; ++l) {
      hn::StoreU(hn::IfThenElseZero(good, sinr[l]), D(), sinr_row(half, l, group));
      for (int a = 0; a < s_.antennas; ++a) {
        C w{zero, zero};
        for (int m = 0; m < layers_; ++m) w = multiply_add(x[l][m], get(channel_, of_layer(a, m)), w);
        hn::StoreInterleaved2(hn::IfThenElseZero(good, w.re), hn::IfThenElseZero(good, hn::Neg(w.im)), D(),
                              weight_row(half, l, a, group));
      }
    }
    store_status(good, half, group);
  }

  template <class M>
  HWY_INLINE void store_status(M good, int half, int group) const {
    HWY_ALIGN float ok[hn::MaxLanes(D())];
    hn::Store(hn::IfThenElseZero(good, hn::Set(D(), 1.0F)), D(), ok);
    GroupStatus* status = args_.status.data() + static_cast<std::ptrdiff_t>(half) * s_.group_stride + group;
    for (int i = 0; i < static_cast<int>(hn::Lanes(D())); ++i)
      status[i] = ok[i] > 0 ? GroupStatus::ok : GroupStatus::unusable;
  }
  [[nodiscard]] float* sinr_row(int half, int layer, int group) const {
    return args_.sinr.data() + static_cast<std::ptrdiff_t>(half * s_.layers + layer) * s_.group_stride + group;
  }
  [[nodiscard]] float* weight_row(int half, int layer, int antenna, int group) const {
    const int row = (half * s_.layers + layer) * s_.antennas + antenna;
    return &args_.weights[static_cast<std::size_t>(row) * static_cast<std::size_t>(s_.group_stride) + group].re;
  }

  const WeightsShape& s_;
  const WeightsArgs<Backend>& args_;
  const int columns_;
  float* factor_;
  float* channel_;
  int layers_ = 0, own_ = 0;         // of the half: how many are sent, and the index of the user's first
  int layer_[kMaxJointLayers] = {};  // those that are sent
};

void weigh_groups_of_any_size(const WeightsShape& shape, const WeightsArgs<Backend>& args, const BeamScratch& scratch) {
  AnySizeBeams(shape, args, scratch).run();
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {
HWY_EXPORT(weigh_groups_of_any_size);
}  // namespace

void weigh_any_size(const WeightsShape& shape, const WeightsArgs<Backend>& args, const BeamScratch& scratch) noexcept {
  HWY_DYNAMIC_DISPATCH(weigh_groups_of_any_size)(shape, args, scratch);
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
