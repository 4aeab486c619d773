// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Targets that a kernel is compiled for on x86: the baseline (SSE2), AVX2 and AVX-512 (BW, VL); each more costs build
// time and gained nothing measurable here. Other architectures keep all theirs. Include before Highway's headers.
#if defined(__x86_64__)
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_AVX3_ZEN4)
#endif
