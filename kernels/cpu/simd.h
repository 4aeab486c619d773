// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Targets that a kernel is compiled for on x86: the baseline of the build (SSSE3), AVX2 and AVX-512 (BW, VL); each more
// costs build time and gained nothing measurable here. Include before Highway's headers.
#if defined(__x86_64__)
#define HWY_DISABLED_TARGETS (HWY_SSE4 | 0xff)  // 0xff: what is above AVX-512 BW; names differ by version
#elif defined(__aarch64__)
// Vectors without a size cannot stand in the arrays that small matrices are kept in; NEON serves.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
