// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

/// Device functions of one thread that the host's mathematics does not have, those in use.
namespace pado::cuda_on_cpu {

inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }

/// Sine and cosine of pi x; the argument is reduced exactly.
inline void sincospif(float x, float* sine, float* cosine) {
  const double turn = 3.14159265358979323846 * std::remainder(static_cast<double>(x), 2.0);
  *sine = static_cast<float>(std::sin(turn));
  *cosine = static_cast<float>(std::cos(turn));
}

/// To the nearest, ties to even, saturated; 0 for a NaN.
inline int __float2int_rn(float x) {
  if (std::isnan(x)) return 0;
  if (x >= 2147483648.0f) return 0x7fffffff;
  if (x < -2147483648.0f) return -0x7fffffff - 1;
  return static_cast<int>(std::nearbyint(x));
}

inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }

/// Four bytes in a word, subtracted each for itself.
inline unsigned __vsub4(unsigned a, unsigned b) {
  unsigned difference = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) difference |= (((a >> shift) - (b >> shift)) & 0xff) << shift;
  return difference;
}

}  // namespace pado::cuda_on_cpu
