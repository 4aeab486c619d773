// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "kernels/complex.h"
#include "kernels/limits.h"

namespace pado {

/// What a PRB's residual covariance says about interference. Few samples make any covariance look coloured, and
/// believing it costs up to 1.4 dB where there is nobody; therefore it counts only where antennas are correlated beyond
/// chance, and then only its strong directions do. Shared by all backends, one thread a PRB.
namespace interference {

/// Hermitian matrix of up to N x N, row-major.
template <int N>
struct MatrixOf {
  cf32 at[N][N];
};
using Matrix = MatrixOf<kCovarianceBlock>;

/// Eigenvalues and -vectors (columns of v) by cyclic Jacobi rotations; a is destroyed, its diagonal the eigenvalues.
template <int N>
PADO_HOST_DEVICE inline void diagonalise(MatrixOf<N>& a, MatrixOf<N>& v, int n) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) v.at[i][j] = {i == j ? 1.0F : 0.0F, 0};
  for (int sweep = 0; sweep < 6; ++sweep) {
    for (int p = 0; p < n; ++p) {
      for (int q = p + 1; q < n; ++q) {
        const cf32 apq = a.at[p][q];
        const float size = std::sqrt(norm(apq));
        if (!(size > 1e-12F)) continue;
        const cf32 phase = (1 / size) * apq;
        const float theta = (a.at[q][q].re - a.at[p][p].re) / (2 * size);
        const float t = (theta >= 0 ? 1.0F : -1.0F) / (std::fabs(theta) + std::sqrt(1 + theta * theta));
        const float c = 1 / std::sqrt(1 + t * t), s = t * c;
        for (int k = 0; k < n; ++k) {  // columns
          const cf32 x = a.at[k][p], y = a.at[k][q] * conj(phase);
          a.at[k][p] = c * x - s * y;
          a.at[k][q] = s * x + c * y;
          const cf32 vx = v.at[k][p], vy = v.at[k][q] * conj(phase);
          v.at[k][p] = c * vx - s * vy;
          v.at[k][q] = s * vx + c * vy;
        }
        for (int k = 0; k < n; ++k) {  // rows
          const cf32 x = a.at[p][k], y = phase * a.at[q][k];
          a.at[p][k] = c * x - s * y;
          a.at[q][k] = s * x + c * y;
        }
      }
    }
  }
}

/// Whether the antennas' correlation in a sample covariance of `samples` samples is beyond chance: -samples *
/// log det of the correlation matrix is about chi-squared with n (n-1) degrees; four deviations above the mean decide.
/// Too few samples tell nothing: they make any matrix singular.
template <int N>
PADO_HOST_DEVICE inline bool correlated(const MatrixOf<N>& q, int n, float samples) {
  if (samples < 1.5F * static_cast<float>(n)) return false;
  cf32 l[N][N];
  float determinant = 1;  // of the correlation matrix, by Cholesky
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= i; ++j) {
      cf32 sum = q.at[i][j];
      if (i == j) sum = {q.at[i][i].re, 0};
      for (int k = 0; k < j; ++k) sum = sum - l[i][k] * conj(l[j][k]);
      if (i == j) {
        if (!(sum.re > 0)) return q.at[i][i].re > 0;
        l[i][i] = {std::sqrt(sum.re), 0};
        determinant *= sum.re / q.at[i][i].re;
      } else {
        l[i][j] = (1 / l[j][j].re) * sum;
      }
    }
  }
  const float degrees = static_cast<float>(n * (n - 1));
  return -samples * std::log(determinant) > degrees + 4 * std::sqrt(2 * degrees);
}

/// Covariance to use for a PRB: diag(noise) where no interference shows; else the strong directions of the sample
/// covariance over the mean of the weak ones (probabilistic principal components). noise is per antenna, positive.
template <int N>
PADO_HOST_DEVICE inline MatrixOf<N> condition(const MatrixOf<N>& sample, const float* noise, int n, float samples) {
  MatrixOf<N> out{};
  for (int i = 0; i < n; ++i) out.at[i][i] = {noise[i], 0};
  if (n < 2 || !correlated(sample, n, samples)) return out;  // an empty sample tells nothing either
  MatrixOf<N> a{}, v{};
  float root[N];
  for (int i = 0; i < n; ++i) root[i] = std::sqrt(noise[i]);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) a.at[i][j] = (1 / (root[i] * root[j])) * sample.at[i][j];
  diagonalise(a, v, n);
  bool strong[N] = {};
  const float chance =
      1.5F * (1 + std::sqrt(static_cast<float>(n) / samples)) * (1 + std::sqrt(static_cast<float>(n) / samples));
  float floor = 0;
  for (int found = 0; found < n; ++found) {
    int largest = -1;
    float rest = 0;
    for (int i = 0; i < n; ++i) {
      if (strong[i]) continue;
      if (largest < 0 || a.at[i][i].re > a.at[largest][largest].re) largest = i;
      rest += a.at[i][i].re;
    }
    const int weak = n - found - 1;
    floor = rest / static_cast<float>(n - found);
    if (weak == 0) break;
    const float mean_weak = (rest - a.at[largest][largest].re) / static_cast<float>(weak);
    if (a.at[largest][largest].re < chance * mean_weak) break;
    strong[largest] = true;
  }
  bool any = false;
  for (int i = 0; i < n; ++i) any = any || strong[i];
  if (!any) return out;
  floor = floor > 0.01F ? floor : 0.01F;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      cf32 sum{i == j ? floor : 0.0F, 0};
      for (int k = 0; k < n; ++k) {
        const float above = a.at[k][k].re - floor;  // few samples: even a strong direction may lie below
        if (strong[k] && above > 0) sum = sum + above * (v.at[i][k] * conj(v.at[j][k]));
      }
      out.at[i][j] = (root[i] * root[j]) * sum;
    }
  }
  return out;
}

}  // namespace interference
}  // namespace pado
