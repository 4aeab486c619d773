// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

namespace pado {

/// FFTW makes and frees plans from one thread at a time alone: hold this while doing either. Executing needs no lock.
inline std::mutex& fftw_lock() {
  static std::mutex lock;
  return lock;
}

}  // namespace pado
