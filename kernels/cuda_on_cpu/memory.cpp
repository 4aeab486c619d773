// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda_on_cpu/memory.h"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "kernels/cuda_on_cpu/runtime_api.h"
#include "kernels/cuda_on_cpu/sanitizer.h"

namespace pado::cuda_on_cpu {
namespace {

constexpr std::size_t kAlignment = 256;  // of device memory, as the toolkit promises
constexpr std::size_t kRedZone = 4096;   // wide, because a wrong index is often wrong by a row
constexpr unsigned char kCanary = 0xa5;

struct Allocation {
  std::size_t bytes = 0;
  MemoryKind kind = MemoryKind::unknown;
};

struct Registry {
  std::mutex mutex;
  std::map<std::uintptr_t, Allocation> allocations;  // by first byte
};

Registry& registry() {
  static Registry instance;
  return instance;
}

thread_local cudaError_t last_error = cudaSuccess;

std::size_t total_bytes(std::size_t bytes) { return (bytes + 2 * kRedZone + kAlignment - 1) / kAlignment * kAlignment; }

cudaError_t allocate(void** pointer, std::size_t bytes, MemoryKind kind) {
  *pointer = nullptr;
  if (bytes == 0) return cudaSuccess;
  const std::size_t total = total_bytes(bytes);
  auto* raw = static_cast<unsigned char*>(std::aligned_alloc(kAlignment, total));
  if (raw == nullptr) return static_cast<cudaError_t>(set_last_error(cudaErrorMemoryAllocation));
  std::memset(raw, kCanary, total);
  std::memset(raw + kRedZone, 0xff, bytes);
  sanitizer::poison(raw, kRedZone);
  sanitizer::poison(raw + kRedZone + bytes, total - kRedZone - bytes);
  const std::lock_guard lock(registry().mutex);
  registry().allocations[reinterpret_cast<std::uintptr_t>(raw + kRedZone)] = {bytes, kind};
  *pointer = raw + kRedZone;
  return cudaSuccess;
}

void check_red_zone(const unsigned char* begin, std::size_t bytes, const Allocation& allocation, const char* side) {
  for (std::size_t i = 0; i < bytes; ++i) {
    if (begin[i] != kCanary) fail("an allocation of %zu bytes was written %s", allocation.bytes, side);
  }
}

cudaError_t release(void* pointer, MemoryKind kind) {
  if (pointer == nullptr) return cudaSuccess;
  cudaDeviceSynchronize();
  const std::lock_guard lock(registry().mutex);
  const auto found = registry().allocations.find(reinterpret_cast<std::uintptr_t>(pointer));
  if (found == registry().allocations.end() || found->second.kind != kind) {
    return static_cast<cudaError_t>(set_last_error(cudaErrorInvalidValue));
  }
  const Allocation allocation = found->second;
  auto* raw = static_cast<unsigned char*>(pointer) - kRedZone;
  const std::size_t total = total_bytes(allocation.bytes);
  sanitizer::unpoison(raw, total);
  check_red_zone(raw, kRedZone, allocation, "before its first byte");
  check_red_zone(raw + kRedZone + allocation.bytes, total - kRedZone - allocation.bytes, allocation, "past its end");
  registry().allocations.erase(found);
  std::free(raw);
  return cudaSuccess;
}

bool copy_is_valid(const void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const bool to_device = memory_kind(to, bytes) == MemoryKind::device;
  const bool from_device = memory_kind(from, bytes) == MemoryKind::device;
  switch (kind) {
    case cudaMemcpyHostToDevice:
      return to_device && memory_kind(from, 1) != MemoryKind::device;
    case cudaMemcpyDeviceToHost:
      return from_device && memory_kind(to, 1) != MemoryKind::device;
    case cudaMemcpyDeviceToDevice:
      return to_device && from_device;
  }
  return false;
}

}  // namespace

MemoryKind memory_kind(const void* pointer, std::size_t bytes) {
  const std::lock_guard lock(registry().mutex);
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  auto next = registry().allocations.upper_bound(address);
  if (next == registry().allocations.begin()) return MemoryKind::unknown;
  const auto& [first, allocation] = *--next;
  const std::size_t offset = address - first;
  const bool inside = offset <= allocation.bytes && bytes <= allocation.bytes - offset;
  return inside ? allocation.kind : MemoryKind::unknown;
}

int set_last_error(int error) {
  last_error = static_cast<cudaError_t>(error);
  return error;
}

void fail(const char* format, ...) {
  std::fputs("cuda_on_cpu: ", stderr);
  std::va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::fputc('\n', stderr);
  std::abort();
}

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "invalid argument";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
  }
  return "unrecognized error code";
}

cudaError_t cudaGetLastError() { return std::exchange(last_error, cudaSuccess); }

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) { return allocate(pointer, bytes, MemoryKind::device); }
cudaError_t cudaFree(void* pointer) { return release(pointer, MemoryKind::device); }
cudaError_t cudaMallocHost(void** pointer, std::size_t bytes) { return allocate(pointer, bytes, MemoryKind::pinned); }
cudaError_t cudaFreeHost(void* pointer) { return release(pointer, MemoryKind::pinned); }

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  if (bytes == 0) return cudaSuccess;
  if (!copy_is_valid(to, from, bytes, kind)) return static_cast<cudaError_t>(set_last_error(cudaErrorInvalidValue));
  enqueue(stream, {}, [=] { std::memcpy(to, from, bytes); });
  return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  if (bytes == 0) return cudaSuccess;
  if (memory_kind(to, bytes) != MemoryKind::device) {
    return static_cast<cudaError_t>(set_last_error(cudaErrorInvalidValue));
  }
  enqueue(stream, {}, [=] { std::memset(to, value, bytes); });
  return cudaSuccess;
}

}  // namespace pado::cuda_on_cpu
