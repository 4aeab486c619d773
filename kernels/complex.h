// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define PADO_HOST_DEVICE __host__ __device__
#else
#define PADO_HOST_DEVICE
#endif

namespace pado {

/// Complex 16-bit integer sample, as converters and sockets deliver it.
struct ci16 {
  std::int16_t re = 0, im = 0;
  friend constexpr bool operator==(const ci16&, const ci16&) = default;
};

/// Complex single-precision number with the same meaning on host and device (std::complex has no device operators).
struct alignas(8) cf32 {
  float re = 0, im = 0;
  friend constexpr bool operator==(const cf32&, const cf32&) = default;
};

PADO_HOST_DEVICE constexpr cf32 operator+(cf32 a, cf32 b) { return {a.re + b.re, a.im + b.im}; }
PADO_HOST_DEVICE constexpr cf32 operator-(cf32 a, cf32 b) { return {a.re - b.re, a.im - b.im}; }
PADO_HOST_DEVICE constexpr cf32 operator*(cf32 a, cf32 b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
PADO_HOST_DEVICE constexpr cf32 operator*(float s, cf32 a) { return {s * a.re, s * a.im}; }
PADO_HOST_DEVICE constexpr cf32 conj(cf32 a) { return {a.re, -a.im}; }
PADO_HOST_DEVICE constexpr float norm(cf32 a) { return a.re * a.re + a.im * a.im; }

}  // namespace pado
