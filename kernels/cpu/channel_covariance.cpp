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

// out[prb] = scale * sum of the PRB's six pilots; in place works, vectors are read before they are written over.
void sum_prbs(const float* in, int prbs, float scale, float* out) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  alignas(64) float triples[2 * hn::MaxLanes(D())];
  for (int p = 0; p < prbs; p += lanes) {
    V a, b, c, even, odd;
    for (int half = 0; half < 2; ++half) {
      hn::LoadInterleaved3(d, in + 6 * p + 3 * half * lanes, a, b, c);
      hn::Store(hn::Add(a, hn::Add(b, c)), d, triples + half * lanes);
    }
    hn::LoadInterleaved2(d, triples, even, odd);
    hn::StoreU(hn::Mul(hn::Set(d, scale), hn::Add(even, odd)), d, out + p);
  }
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {

HWY_EXPORT(multiply_rows);
HWY_EXPORT(sum_prbs);

namespace {

// Sums over combs, branches and uncovered directions of d[a] conj d[a'], per PRB.
void sum_products(const ChannelWork& w, int a, int b, float* out_re, float* out_im) {
  float* re = w.scratch.products.re(0);
  float* im = w.scratch.products.im(0);
  bool first = true;
  const auto add = [&](const PlanarRows& rows, int row_a, int row_b) {
    HWY_DYNAMIC_DISPATCH(multiply_rows)
    (rows.re(row_a), rows.im(row_a), rows.re(row_b), rows.im(row_b), w.pilots(), first, re, im);
    first = false;
  };
  for (int c = 0; c < w.combs.count; ++c) {
    for (int branch = 0; branch < w.branches.count; ++branch)
      add(w.scratch.residuals, w.branch_row(c, a, branch), w.branch_row(c, b, branch));
    if (w.branches.count == w.shape.dmrs_symbols) continue;
    for (int s = 0; s < w.shape.dmrs_symbols; ++s) add(w.scratch.pilots, w.row(c, a, s), w.row(c, b, s));
  }
  const float scale = 1 / static_cast<float>(6 * w.combs.count * w.shape.dmrs_symbols);
  HWY_DYNAMIC_DISPATCH(sum_prbs)(re, w.shape.prbs, scale, out_re);
  HWY_DYNAMIC_DISPATCH(sum_prbs)(im, w.shape.prbs, scale, out_im);
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
  float at[kMaxEstimateAntennas][9] = {};
};

EstimateError estimate_error(const ChannelWork& w) {
  EstimateError error;
  const ChannelSummary& summary = w.args.summary[0];
  for (int b = 0; b < w.branches.count; ++b) {
    float gain = 0;  // mean over the allocation's symbols
    for (int l = w.shape.first_symbol; l < w.shape.first_symbol + w.shape.symbols; ++l)
      gain += norm(summary.time_gain[b * kSymbolsPerSlot + l]) / static_cast<float>(w.shape.symbols);
    for (int c = 0; c < w.combs.count; ++c) {
      for (int a = 0; a < w.shape.antennas; ++a) {
        const float power = gain * static_cast<float>(w.combs.ports[c]) * w.port_power[c][a] * w.branches.power[b];
        for (int position = 0; position < wiener::window_prbs(wiener::window_index(w.shape.prbs)); ++position)
          error.at[a][position] += power * w.args.wiener.error[wiener::position_index(w.filter[c][a][b], position)];
      }
    }
  }
  return error;
}

}  // namespace

void estimate_covariance(ChannelWork& w) {
  const int antennas = w.shape.antennas, prbs = w.shape.prbs, stride = w.shape.covariance_stride;
  const PlanarRows& q = w.scratch.covariance;
  const bool interference_shows = antennas > 1;  // one antenna cannot tell a direction
  for (int a = 0; a < antennas && interference_shows; ++a) {
    for (int b = 0; b <= a; ++b) {
      const int row = a * antennas + b;
      sum_products(w, a, b, q.re(row), q.im(row));
      smooth(q.re(row), prbs);
      smooth(q.im(row), prbs);
    }
  }
  const EstimateError error = estimate_error(w);
  const float samples =
      6.0F * static_cast<float>(w.combs.count * w.shape.dmrs_symbols) * std::min(static_cast<float>(prbs), 8.0F / 3.0F);
  const float pilot_energy = w.shape.amplitude * w.shape.amplitude;
  const int window = wiener::window_index(prbs);
  for (int p = 0; p < prbs; ++p) {
    interference::Matrix sample{};
    for (int a = 0; a < antennas && interference_shows; ++a) {
      for (int b = 0; b <= a; ++b) {
        const int row = a * antennas + b;
        sample.at[a][b] = {q.re(row)[p], a == b ? 0 : q.im(row)[p]};
        sample.at[b][a] = conj(sample.at[a][b]);
      }
    }
    interference::Matrix r = interference::condition(sample, w.noise, antennas, samples);
    const int position = p - wiener::window_start(p, prbs, window);
    float grow[kMaxEstimateAntennas];
    for (int a = 0; a < antennas; ++a) grow[a] = std::sqrt(pilot_energy + error.at[a][position] / w.noise[a]);
    for (int a = 0; a < antennas; ++a) {
      for (int b = 0; b < antennas; ++b) {
        w.args.covariance[static_cast<std::size_t>(a * antennas + b) * static_cast<std::size_t>(stride) + p] =
            (grow[a] * grow[b]) * r.at[a][b];
      }
    }
  }
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
