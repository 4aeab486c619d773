// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
// The emulation of CUDA by itself: small kernels, each for one thing that device code relies on.
#define PADO_CUDA_ON_CPU
#define PADO_CUDA_NAMESPACE cuda_on_cpu_test

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <random>
#include <vector>

#include "kernels/cuda/device.h"
#include "tests/catch.h"

namespace pado::cuda_on_cpu_test {
namespace {

/// Device memory with a host's copy: what a kernel did is seen by copying back.
template <class T>
class Array {
 public:
  explicit Array(std::vector<T> values) : size_(values.size()) {
    cudaMalloc(reinterpret_cast<void**>(&device_), size_ * sizeof(T));
    cudaMemcpyAsync(device_, values.data(), size_ * sizeof(T), cudaMemcpyHostToDevice);
    cudaStreamSynchronize(nullptr);
  }
  ~Array() { cudaFree(device_); }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  [[nodiscard]] T* device() const { return device_; }
  [[nodiscard]] std::vector<T> read() const {
    std::vector<T> values(size_);
    cudaMemcpyAsync(values.data(), device_, size_ * sizeof(T), cudaMemcpyDeviceToHost);
    cudaStreamSynchronize(nullptr);
    return values;
  }

 private:
  std::size_t size_;
  T* device_ = nullptr;
};

__global__ void number_threads(int* out) {
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned i = block * blockDim.x * blockDim.y * blockDim.z + thread;
  out[i] = static_cast<int>(i);
}

TEST_CASE("cuda_on_cpu: every thread of a three-dimensional grid runs once under its own indices", "[cuda_on_cpu]") {
  const std::size_t count = 2 * 3 * 2 * 8 * 3 * 2;
  const Array<int> out(std::vector<int>(count, -7));
  launch<number_threads>({2, 3, 2}, {8, 3, 2}, 0, nullptr, out.device());
  std::vector<int> expected(count);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(out.read() == expected);
}

__global__ void sum_by_tree(const float* in, float* out) {
  auto& partial = block_shared<float[256], struct Partial>();
  partial[threadIdx.x] = in[blockIdx.x * 256 + threadIdx.x];
  __syncthreads();
  for (unsigned half = 128; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = partial[0];
}

TEST_CASE("cuda_on_cpu: a reduction with barriers in shared memory adds up each block", "[cuda_on_cpu]") {
  std::vector<float> values(3 * 256);
  std::iota(values.begin(), values.end(), 1.0f);
  const Array<float> in(values), out(std::vector<float>(3));
  launch<sum_by_tree>(3, 256, 0, nullptr, in.device(), out.device());
  const auto got = out.read();
  for (int b = 0; b < 3; ++b) {
    CHECK(got[b] == std::accumulate(values.begin() + b * 256, values.begin() + (b + 1) * 256, 0.0f));
  }
}

__global__ void reverse_in_dynamic_memory(int* data) {
  int* copy = dynamic_shared<int>();
  copy[threadIdx.x] = data[threadIdx.x];
  __syncthreads();
  data[threadIdx.x] = copy[blockDim.x - 1 - threadIdx.x];
}

TEST_CASE("cuda_on_cpu: dynamic shared memory is common to a block", "[cuda_on_cpu]") {
  std::vector<int> values(96);
  std::iota(values.begin(), values.end(), 0);
  const Array<int> data(values);
  launch<reverse_in_dynamic_memory>(1, 96, 96 * sizeof(int), nullptr, data.device());
  std::reverse(values.begin(), values.end());
  CHECK(data.read() == values);
}

__global__ void shuffle_all_ways(int* out) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  int* row = out + threadIdx.x;
  row[0] = __shfl_sync(kWholeWarp, lane, 5, 8);
  row[64] = __shfl_up_sync(kWholeWarp, lane, 3);
  row[128] = __shfl_down_sync(kWholeWarp, lane, 3, 16);
  row[192] = __shfl_xor_sync(kWholeWarp, lane, 6);
  const cf32 turned = shuffle_xor(cf32{float(lane), -float(lane)}, 1);
  row[256] = static_cast<int>(turned.re - turned.im);
}

TEST_CASE("cuda_on_cpu: shuffles read the lane that CUDA's definition says", "[cuda_on_cpu]") {
  const Array<int> out(std::vector<int>(5 * 64));
  launch<shuffle_all_ways>(1, 64, 0, nullptr, out.device());
  const auto got = out.read();
  for (int i = 0; i < 64; ++i) {
    const int lane = i % 32;
    CHECK(got[i] == lane / 8 * 8 + 5);
    CHECK(got[64 + i] == (lane < 3 ? lane : lane - 3));
    CHECK(got[128 + i] == (lane % 16 + 3 > 15 ? lane : lane + 3));
    CHECK(got[192 + i] == (lane ^ 6));
    CHECK(got[256 + i] == 2 * (lane ^ 1));
  }
}

__global__ void vote(unsigned* out) {
  const unsigned lane = threadIdx.x;
  const unsigned mask = lane < 16 ? 0xffffu : 0xffff0000u;
  const unsigned ballot = __ballot_sync(mask, lane % 3 == 0);
  const int any = __any_sync(mask, lane == 20), all = __all_sync(mask, lane < 16);
  out[lane] = ballot;
  out[32 + lane] = static_cast<unsigned>(2 * any + all);
}

TEST_CASE("cuda_on_cpu: votes count only the lanes of their mask", "[cuda_on_cpu]") {
  const Array<unsigned> out(std::vector<unsigned>(64));
  launch<vote>(1, 32, 0, nullptr, out.device());
  const auto got = out.read();
  CHECK(got[0] == (0x49249249u & 0xffffu));
  CHECK(got[31] == (0x49249249u & 0xffff0000u));
  CHECK(got[32] == 1);
  CHECK(got[63] == 2);
}

__global__ void count_atomically(int* count, float* sum, unsigned* bits, int* largest) {
  atomicAdd(count, 1);
  atomicAdd(sum, 0.5f);
  atomicOr(bits, 1u << (threadIdx.x % 32));
  atomicMax(largest, static_cast<int>(blockIdx.x * 100 + threadIdx.x));
}

TEST_CASE("cuda_on_cpu: atomics on integers and floats lose nothing", "[cuda_on_cpu]") {
  const Array<int> count({0}), largest({-5});
  const Array<float> sum({0});
  const Array<unsigned> bits({0});
  launch<count_atomically>(4, 64, 0, nullptr, count.device(), sum.device(), bits.device(), largest.device());
  CHECK(count.read()[0] == 256);
  CHECK(sum.read()[0] == 128.0f);
  CHECK(bits.read()[0] == ~0u);
  CHECK(largest.read()[0] == 363);
}

__global__ void leave_early(int* out, int stay) {
  if (static_cast<int>(threadIdx.x) >= stay) return;
  auto& value = block_shared<int, struct Value>();
  if (threadIdx.x == 0) value = 42;
  const int present = __syncthreads_count(1);
  out[threadIdx.x] = value + present;
}

TEST_CASE("cuda_on_cpu: a barrier does not wait for threads that have returned", "[cuda_on_cpu]") {
  const Array<int> out(std::vector<int>(128, -1));
  launch<leave_early>(1, 128, 0, nullptr, out.device(), 70);
  const auto got = out.read();
  CHECK(std::all_of(got.begin(), got.begin() + 70, [](int x) { return x == 112; }));
  CHECK(std::all_of(got.begin() + 70, got.end(), [](int x) { return x == -1; }));
}

template <class T>
__global__ void append(int* list, int* length, T value) {
  list[(*length)++] = static_cast<int>(value);
}

TEST_CASE("cuda_on_cpu: a stream runs its work in order, and not before it is synchronised", "[cuda_on_cpu]") {
  cudaStream_t stream = nullptr;
  REQUIRE(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess);
  const Array<int> list(std::vector<int>(4)), length({0});
  launch<append<int>>(1, 1, 0, stream, list.device(), length.device(), 3);
  launch<append<float>>(1, 1, 0, stream, list.device(), length.device(), 1.0f);
  CHECK(length.read()[0] == 0);
  cudaMemsetAsync(list.device() + 3, 0xff, sizeof(int), stream);
  launch<append<int>>(1, 1, 0, stream, list.device(), length.device(), 2);
  cudaStreamSynchronize(stream);
  CHECK(list.read() == std::vector<int>{3, 1, 2, -1});
  const auto counts = launches(stream);
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].first == "append");
  CHECK(counts[0].second == 3);
  cudaStreamDestroy(stream);
}

TEST_CASE("cuda_on_cpu: a launch or copy that a device would refuse is an error of this thread, once",
          "[cuda_on_cpu]") {
  const Array<int> out(std::vector<int>(4));
  int host = 0;
  launch<number_threads>(1, 1025, 0, nullptr, out.device());
  CHECK(cudaGetLastError() == cudaErrorInvalidConfiguration);
  CHECK(cudaGetLastError() == cudaSuccess);
  launch<number_threads>(0, 32, 0, nullptr, out.device());
  CHECK(cudaGetLastError() == cudaErrorInvalidConfiguration);
  CHECK(cudaMemcpyAsync(out.device() + 4, &host, 4, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(cudaMemcpyAsync(&host, &host, 4, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
  CHECK(cudaGetLastError() == cudaErrorInvalidValue);
}

TEST_CASE("cuda_on_cpu: cuFFT transforms strided batches like the sum in its definition", "[cuda_on_cpu]") {
  const int n = 48, batch = 3, stride = 2, dist = 100;
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<cufftComplex> values(batch * dist);
  for (auto& v : values) v = {normal(random), normal(random)};
  const Array<cufftComplex> in(values), out(std::vector<cufftComplex>(batch * n));
  cufftHandle plan = 0;
  int size = n;
  REQUIRE(cufftPlanMany(&plan, 1, &size, &size, stride, dist, &size, 1, n, CUFFT_C2C, batch) == CUFFT_SUCCESS);
  REQUIRE(cufftExecC2C(plan, in.device(), out.device(), CUFFT_FORWARD) == CUFFT_SUCCESS);
  const auto got = out.read();
  double worst = 0;
  for (int b = 0; b < batch; ++b) {
    for (int k = 0; k < n; ++k) {
      std::complex<double> sum = 0;
      for (int i = 0; i < n; ++i) {
        const auto x = values[b * dist + i * stride];
        sum += std::complex<double>(x.x, x.y) * std::polar(1.0, -2 * std::numbers::pi * i * k / n);
      }
      const auto y = got[b * n + k];
      worst = std::max(worst, std::abs(sum - std::complex<double>(y.x, y.y)));
    }
  }
  CHECK(worst < 1e-4);
  CHECK(cufftExecC2C(plan, in.device() + 50, out.device(), CUFFT_FORWARD) == CUFFT_EXEC_FAILED);  // reads past the end
  CHECK(cufftDestroy(plan) == CUFFT_SUCCESS);
  CHECK(cufftDestroy(plan) == CUFFT_INVALID_PLAN);
}

}  // namespace
}  // namespace pado::cuda_on_cpu_test
