// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

/// The part of CUDA's runtime API that the kernels use, on a CPU. It lives in a namespace, so that a program can link
/// this and the toolkit. An operation on a stream is queued and runs, in order, when the stream is synchronised: what
/// reads a result too early reads poison. A name that is missing here does not compile: add it, and its test.
namespace pado::cuda_on_cpu {

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInvalidConfiguration = 9,
};
enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost = 2, cudaMemcpyDeviceToDevice = 3 };
inline constexpr unsigned cudaStreamNonBlocking = 1;

class Stream;
using cudaStream_t = Stream*;  // null is the default stream

const char* cudaGetErrorString(cudaError_t error);
cudaError_t cudaGetLastError();  // of this thread; clears it
cudaError_t cudaGetDeviceCount(int* count);

// Device and pinned memory lies between red zones, which AddressSanitizer watches; without it, writes into them are
// found when the memory is freed. New memory is filled with 0xff: a NaN, or -1.
cudaError_t cudaMalloc(void** pointer, std::size_t bytes);
cudaError_t cudaFree(void* pointer);
cudaError_t cudaMallocHost(void** pointer, std::size_t bytes);
cudaError_t cudaFreeHost(void* pointer);

// A range that leaves its allocation, or lies in the wrong memory for its direction, is an invalid value.
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream = nullptr);
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream = nullptr);

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaDeviceSynchronize();

/// How often each kernel ran on a stream, by name.
std::vector<std::pair<std::string_view, long>> launches(cudaStream_t stream);

/// Queues a grid; thread runs one CUDA thread. A grid that a device would refuse is an error of cudaGetLastError.
void enqueue_grid(std::string_view name, dim3 grid, dim3 block, std::size_t shared_bytes, cudaStream_t stream,
                  std::function<void()> thread);
/// Queues any other work on device memory.
void enqueue(cudaStream_t stream, std::string_view name, std::function<void()> work);

/// The last name of a function given as template argument, without its own arguments.
template <auto kFunction>
constexpr std::string_view function_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  name = name.substr(name.find("kFunction = ") + 12);
  name = name.substr(0, name.find_first_of("<;]"));
  const auto scope = name.rfind("::");
  return scope == std::string_view::npos ? name : name.substr(scope + 2);
}

}  // namespace pado::cuda_on_cpu
