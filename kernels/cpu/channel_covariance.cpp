// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "kernels/cpu/channel_scratch.h"
#include "kernels/cpu/simd.h"
#include "kernels/interference.h"
#include "kernels/wiener_table.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/channel_covariance.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// products[j] (+)= a[j] conj b[j]
void multiply_rows(const float* a_re, const float* a_im, const float* b_re, const float* b_im, int count, bool first,
                   float* re, float* im) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int j = 0; j < count; j += lanes) {
    const V xr = hn::Load(d, a_re + j), xi = hn::Load(d, a_im + j), yr = hn::Load(d, b_re + j),
            yi = hn::Load(d, b_im + j);
    const V sum_re = first ? hn::Zero(d) : hn::Load(d, re + j), sum_im = first ? hn::Zero(d) : hn::Load(d, im + j);
    hn::Store(hn::MulAdd(xr, yr, hn::MulAdd(xi, yi, sum_re)), d, re + j);
    hn::Store(hn::NegMulAdd(xr, yi, hn::MulAdd(xi, yr, sum_im)), d, im + j);
  }
}

// out[prb] = scale * sum of the PRB's pilots; in place works, vectors are read before they are written over.
void sum_prbs(const float* in, int pilots_per_prb, int prbs, float scale, float* out) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  alignas(64) float triples[2 * hn::MaxLanes(D())];
  for (int p = 0; p < prbs; p += lanes) {
    V a, b, c, e, sum;
    if (pilots_per_prb == 4) {
      hn::LoadInterleaved4(d, in + 4 * p, a, b, c, e);
      sum = hn::Add(hn::Add(a, b), hn::Add(c, e));
    } else {
      for (int half = 0; half < 2; ++half) {
        hn::LoadInterleaved3(d, in + 6 * p + 3 * half * lanes, a, b, c);
        hn::Store(hn::Add(a, hn::Add(b, c)), d, triples + half * lanes);
      }
      hn::LoadInterleaved2(d, triples, a, b);
      sum = hn::Add(a, b);
    }
    hn::StoreU(hn::Mul(hn::Set(d, scale), sum), d, out + p);
  }
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {

HWY_EXPORT(multiply_rows);
HWY_EXPORT(sum_prbs);

namespace {

// Sums over sets, branches and uncovered directions of d[a] conj d[a'], per PRB.
void sum_products(const ChannelWork& w, int a, int b, float* out_re, float* out_im) {
  float* re = w.scratch.products.re(0);
  float* im = w.scratch.products.im(0);
  bool first = true;
  const auto add = [&](const PlanarRows& rows, int row_a, int row_b) {
    HWY_DYNAMIC_DISPATCH(multiply_rows)
    (rows.re(row_a), rows.im(row_a), rows.re(row_b), rows.im(row_b), w.pilots(), first, re, im);
    first = false;
  };
  for (int c = 0; c < w.sets.count; ++c) {
    for (int branch = 0; branch < w.branches.count; ++branch)
      add(w.scratch.residuals, w.branch_row(c, a, branch), w.branch_row(c, b, branch));
    if (w.branches.count == w.symbols()) continue;
    for (int s = 0; s < w.symbols(); ++s) add(w.scratch.pilots, w.row(c, a, s), w.row(c, b, s));
  }
  const float scale = 1 / static_cast<float>(w.pilots_per_prb() * w.sets.count * w.symbols());
  HWY_DYNAMIC_DISPATCH(sum_prbs)(re, w.pilots_per_prb(), w.shape.prbs, scale, out_re);
  HWY_DYNAMIC_DISPATCH(sum_prbs)(im, w.pilots_per_prb(), w.shape.prbs, scale, out_im);
}

// 1-2-1 over the PRBs, 3-1 at the edges.
void smooth(float* x, int prbs) {
  if (prbs < 2) return;
  float before = x[0];
  for (int p = 0; p < prbs; ++p) {
    const float here = x[p], after = p + 1 < prbs ? x[p + 1] : here;
    x[p] = 0.25F * before + 0.5F * here + 0.25F * after;
    before = here;
  }
}

// Error of the channel estimate in each antenna's received power, per position in the window.
struct EstimateError {
  float at[kMaxAntennas][9];
};

EstimateError estimate_error(const ChannelWork& w) {
  EstimateError error;
  const ChannelSummary& summary = w.args.summary[0];
  const int positions = wiener::window_prbs(wiener::window_index(w.shape.prbs));
  for (int a = 0; a < w.shape.antennas; ++a) std::fill_n(error.at[a], positions, 0.0F);
  for (int b = 0; b < w.branches.count; ++b) {
    float gain = 0;  // mean over the allocation's symbols
    for (int l = w.shape.first_symbol; l < w.shape.first_symbol + w.shape.symbols; ++l)
      gain += norm(summary.time_gain[b * kSymbolsPerSlot + l]) / static_cast<float>(w.shape.symbols);
    for (int c = 0; c < w.sets.count; ++c) {
      const auto ports = static_cast<float>(w.sets.set[c].ports);
      for (int a = 0; a < w.shape.antennas; ++a) {
        const float power = gain * ports * w.port_power[c][a] * w.branches.power[b];
        for (int position = 0; position < positions; ++position)
          error.at[a][position] += power * w.args.wiener.error[wiener::position_index(w.filter[c][a][b], position)];
      }
    }
  }
  return error;
}

// A block's samples at one PRB, conditioned, to the output. kSize: the most antennas that the matrix holds.
template <int kSize>
void condition_block(const ChannelWork& w, int first, int count, int prb, float samples, const float* grow) {
  const int columns = covariance_columns(w.shape.antennas);
  const auto row_of = [&](int a, int b) { return (first + a) * columns + b; };
  interference::MatrixOf<kSize> sample{};
  for (int a = 0; a < count && w.tells_directions(); ++a) {
    for (int b = 0; b <= a; ++b) {
      const int row = row_of(a, b);
      sample.at[a][b] = {w.scratch.covariance.re(row)[prb], a == b ? 0 : w.scratch.covariance.im(row)[prb]};
      sample.at[b][a] = conj(sample.at[a][b]);
    }
  }
  const auto r = interference::condition(sample, w.noise + first, count, samples);
  const auto stride = static_cast<std::size_t>(w.shape.covariance_stride);
  for (int a = 0; a < count; ++a)
    for (int b = 0; b < count; ++b)
      w.args.covariance[static_cast<std::size_t>(row_of(a, b)) * stride + static_cast<std::size_t>(prb)] =
          (grow[first + a] * grow[first + b]) * r.at[a][b];
}

}  // namespace

void estimate_covariance(ChannelWork& w) {
  const int antennas = w.shape.antennas, prbs = w.shape.prbs, columns = covariance_columns(antennas);
  const PlanarRows& q = w.scratch.covariance;
  for (int a = 0; a < antennas && w.tells_directions(); ++a) {
    const int first = a / kCovarianceBlock * kCovarianceBlock;
    for (int b = first; b <= a; ++b) {
      const int row = a * columns + b - first;
      sum_products(w, a, b, q.re(row), q.im(row));
      smooth(q.re(row), prbs);
      smooth(q.im(row), prbs);
    }
  }
  const EstimateError error = estimate_error(w);
  const float samples = static_cast<float>(w.pilots_per_prb() * w.sets.count * w.symbols()) *
                        std::min(static_cast<float>(prbs), 8.0F / 3.0F);
  const int window = wiener::window_index(prbs);
  float grow[kMaxAntennas];
  for (int p = 0; p < prbs; ++p) {
    const int position = p - wiener::window_start(p, prbs, window);
    for (int a = 0; a < antennas; ++a) grow[a] = std::sqrt(w.data_noise() + error.at[a][position] / w.noise[a]);
    for (int first = 0; first < antennas; first += kCovarianceBlock) {
      const int count = std::min(kCovarianceBlock, antennas - first);
      if (count <= 4) {
        condition_block<4>(w, first, count, p, samples, grow);
      } else {
        condition_block<kCovarianceBlock>(w, first, count, p, samples, grow);
      }
    }
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
