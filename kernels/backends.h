// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tuple>
#include <type_traits>

#include "kernels/cpu/backend.h"

#define PADO_CUDA_NAMESPACE cuda_emulated
#include "kernels/cuda/backend.inc"
#undef PADO_CUDA_NAMESPACE

#if defined(PADO_HAS_CUDA)
#define PADO_CUDA_NAMESPACE cuda
#include "kernels/cuda/backend.inc"
#undef PADO_CUDA_NAMESPACE
#endif

namespace pado {

/// The backends of this build: the one place that knows which were built.
#if defined(PADO_HAS_CUDA)
using BuiltBackends = std::tuple<cpu::Backend, cuda_emulated::Backend, cuda::Backend>;
#else
using BuiltBackends = std::tuple<cpu::Backend, cuda_emulated::Backend>;
#endif

/// Those that have the coding chain (recover_rate, decode_ldpc, check_crc); the others hand their LLRs to the CPU.
using CodingBackends = std::tuple<cpu::Backend>;

/// Whether this machine can run a backend that was built; where not, why tells what is missing.
template <class Backend>
bool available([[maybe_unused]] std::string* why = nullptr) {
#if defined(PADO_HAS_CUDA)
  if constexpr (std::is_same_v<Backend, cuda::Backend>) return cuda::device_available(why);
#endif
  return true;
}

}  // namespace pado
