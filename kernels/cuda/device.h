// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one file that knows both worlds: the toolkit, and the emulation that runs these sources on a CPU. Kernels take
// from here how to launch, what shared memory is, and shuffles of complex values; everything else is CUDA's own name.

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/complex.h"

#if defined(PADO_CUDA_ON_CPU)
#include "kernels/cuda_on_cpu/device_api.h"
#include "kernels/cuda_on_cpu/device_math.h"
#include "kernels/cuda_on_cpu/fft.h"
#include "kernels/cuda_on_cpu/runtime_api.h"
#else
#include <cuda_runtime.h>
#include <cufft.h>
#endif

namespace pado::PADO_CUDA_NAMESPACE {

#if defined(PADO_CUDA_ON_CPU)

using namespace pado::cuda_on_cpu;

/// launch<kernel>(grid, block, shared_bytes, stream, arguments...); an error is left to cudaGetLastError.
template <auto kKernel, class... Arguments>
void launch(dim3 grid, dim3 block, std::size_t shared_bytes, cudaStream_t stream, const Arguments&... arguments) {
  enqueue_grid(function_name<kKernel>(), grid, block, shared_bytes, stream, [=] { kKernel(arguments...); });
}

inline std::vector<std::pair<std::string_view, long>> launches_of(cudaStream_t stream) { return launches(stream); }

/// Shared memory of the block, uninitialised: one object for all its threads. Name tells it from the kernel's others:
/// auto& sums = block_shared<float[32], struct Sums>();
template <class T, class Name>
T& block_shared() {
  return *static_cast<T*>(shared_memory(&kSharedKey<T, Name>, sizeof(T), alignof(T)));
}

/// The shared memory whose size the launch gave.
template <class T>
T* dynamic_shared() {
  return static_cast<T*>(dynamic_shared_memory());
}

#else

template <auto kKernel, class... Arguments>
void launch(dim3 grid, dim3 block, std::size_t shared_bytes, cudaStream_t stream, const Arguments&... arguments) {
  kKernel<<<grid, block, shared_bytes, stream>>>(arguments...);
}

inline std::vector<std::pair<std::string_view, long>> launches_of(cudaStream_t) { return {}; }  // a profiler tells

template <class T, class Name>
__device__ T& block_shared() {
  __shared__ alignas(
      alignof(T)) unsigned char bytes[sizeof(T)];  // as bytes: T may have a constructor, which is not run
  return *reinterpret_cast<T*>(bytes);
}

template <class T>
__device__ T* dynamic_shared() {
  extern __shared__ __align__(16) unsigned char pado_dynamic_shared[];
  return reinterpret_cast<T*>(pado_dynamic_shared);
}

#endif

inline constexpr unsigned kWholeWarp = 0xffffffffu;
inline constexpr int kWarpLanes = 32;

__device__ inline cf32 shuffle_xor(cf32 value, int lane_mask) {
  return {__shfl_xor_sync(kWholeWarp, value.re, lane_mask), __shfl_xor_sync(kWholeWarp, value.im, lane_mask)};
}

/// The sum over a warp, in every lane.
__device__ inline float sum_of_warp(float value) {
  for (int step = kWarpLanes / 2; step > 0; step /= 2) value += __shfl_xor_sync(kWholeWarp, value, step);
  return value;
}

/// Sums over a block of kThreads threads, always in the same order: thread i < kCount gets that of values[i], others 0.
/// All threads must call it; once a kernel.
template <int kThreads, int kCount>
__device__ float sum_of_block(const float (&values)[kCount]) {
  constexpr int kWarps = kThreads / kWarpLanes;
  static_assert(kThreads % kWarpLanes == 0 && kCount <= kThreads);
  auto& sums = block_shared<float[kWarps][kCount], struct WarpSums>();
  const int thread = static_cast<int>(threadIdx.x);
  for (int i = 0; i < kCount; ++i) {
    const float sum = sum_of_warp(values[i]);
    if (thread % kWarpLanes == 0) sums[thread / kWarpLanes][i] = sum;
  }
  __syncthreads();
  float sum = 0;
  for (int warp = 0; warp < kWarps && thread < kCount; ++warp) sum += sums[warp][thread];
  return sum;
}

/// exp(j2pi cycles i): the product's rounding error is kept, or the phase would suffer where it has turned many times.
__device__ inline cf32 phase_at(float cycles, int i) {
  const float index = static_cast<float>(i);
  const float product = cycles * index;
  const float turn = (product - rintf(product)) + fmaf(cycles, index, -product);
  cf32 out;
  sincospif(2 * turn, &out.im, &out.re);
  return out;
}

}  // namespace pado::PADO_CUDA_NAMESPACE
