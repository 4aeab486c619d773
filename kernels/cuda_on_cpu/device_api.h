// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

// What a kernel sees on a device: the marks of functions, its indices, barriers, warp operations, shared memory.
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __grid_constant__

namespace pado::cuda_on_cpu {

/// An index that only the emulation sets.
class Coordinate {
 public:
  constexpr operator unsigned() const { return value_; }
  Coordinate& operator=(const Coordinate&) = delete;

 private:
  friend class BlockRunner;
  unsigned value_ = 0;
};
struct Index3 {
  Coordinate x, y, z;
};
// Fibers never change their host thread. Local-exec, since g++ 12 checks the address of another kind for null with
// flags that the linker's relaxation does not set.
[[gnu::tls_model("local-exec")]] extern thread_local constinit Index3 threadIdx, blockIdx, blockDim, gridDim;
inline constexpr int warpSize = 32;

/// Where a thread waits, for the reports.
struct Place {
  const char* file = "";
  int line = 0;
};

enum class WarpOperation : std::uint8_t { sync, shuffle, vote };

/// The rendezvous of the lanes in mask; the last to come gives each lane its result: for a shuffle the value of the
/// lane's source, for a vote the bits of the lanes whose value is not 0.
std::uint64_t meet_warp(WarpOperation operation, unsigned mask, std::uint64_t value, int source_lane, Place place);
/// The barrier of a block. Threads that have ended are not waited for. Returns how many came with true.
int meet_block(bool predicate, Place place);

// Positions are default arguments: clang 14 with libstdc++ 12 has no std::source_location.
#define PADO_HERE const char *file = __builtin_FILE(), int line = __builtin_LINE()

inline void __syncthreads(PADO_HERE) { meet_block(false, {file, line}); }
inline int __syncthreads_count(int predicate, PADO_HERE) { return meet_block(predicate != 0, {file, line}); }
inline int __syncthreads_or(int predicate, PADO_HERE) { return meet_block(predicate != 0, {file, line}) != 0; }
inline void __syncwarp(unsigned mask = ~0u, PADO_HERE) { meet_warp(WarpOperation::sync, mask, 0, 0, {file, line}); }

inline unsigned __ballot_sync(unsigned mask, int predicate, PADO_HERE) {
  return static_cast<unsigned>(meet_warp(WarpOperation::vote, mask, predicate != 0 ? 1 : 0, 0, {file, line}));
}
inline int __any_sync(unsigned mask, int predicate, PADO_HERE) {
  return __ballot_sync(mask, predicate, file, line) != 0;
}
inline int __all_sync(unsigned mask, int predicate, PADO_HERE) {
  return __ballot_sync(mask, predicate, file, line) == mask;
}

/// Lane of this thread in its warp: blocks are numbered x first.
inline int lane_index() {
  return static_cast<int>((threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) % warpSize);
}

template <class T>
T shuffle(unsigned mask, T value, int source_lane, Place place) {
  static_assert(std::is_arithmetic_v<T> && sizeof(T) <= 8);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  bits = meet_warp(WarpOperation::shuffle, mask, bits, source_lane, place);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

// A source outside the lane's segment of width lanes leaves the lane its own value (the plain shuffle wraps instead).
template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = warpSize, PADO_HERE) {
  const int base = lane_index() / width * width;
  return shuffle(mask, value, base + (source & (width - 1)), {file, line});
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize, PADO_HERE) {
  const int lane = lane_index(), source = lane - static_cast<int>(delta);
  return shuffle(mask, value, source < lane / width * width ? lane : source, {file, line});
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize, PADO_HERE) {
  const int lane = lane_index(), source = lane + static_cast<int>(delta);
  return shuffle(mask, value, source >= lane / width * width + width ? lane : source, {file, line});
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize, PADO_HERE) {
  const int lane = lane_index(), source = lane ^ lane_mask;
  return shuffle(mask, value, source >= lane / width * width + width ? lane : source, {file, line});
}
#undef PADO_HERE

// Atomic also between host threads, whose streams may share memory. Each returns the old value.
template <class T>
T atomicAdd(T* at, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*at).fetch_add(value, std::memory_order_relaxed);
}
template <class T>
T atomicOr(T* at, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*at).fetch_or(value, std::memory_order_relaxed);
}
template <class T>
T atomicExch(T* at, std::type_identity_t<T> value) {
  return std::atomic_ref<T>(*at).exchange(value, std::memory_order_relaxed);
}
template <class T>
T atomicCAS(T* at, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  std::atomic_ref<T>(*at).compare_exchange_strong(expected, value, std::memory_order_relaxed);
  return expected;
}
template <class T>
T atomicMax(T* at, std::type_identity_t<T> value) {
  T seen = std::atomic_ref<T>(*at).load(std::memory_order_relaxed);
  while (seen < value && !std::atomic_ref<T>(*at).compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
  return seen;
}

/// This block's memory for a key: the same for all its threads, poisoned at its first use, between red zones.
void* shared_memory(const void* key, std::size_t bytes, std::size_t alignment);
void* dynamic_shared_memory();

template <class T, class Name>
inline constexpr char kSharedKey = 0;

}  // namespace pado::cuda_on_cpu
