// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <functional>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__GLIBC__)
#define PADO_COUNTS_ALLOCATIONS 1

namespace pado::tests {

/// The slot path is quiet: between a slot's samples and its report, and while it is scheduled, nothing is allocated or
/// freed. This counts every malloc and free meanwhile, whoever calls them (operator new, FFTW), by standing in front of
/// the C library's.
long allocations_of(const std::function<void()>& work);

}  // namespace pado::tests
#endif
