// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
// Faults of device code, planted: each must end the process with a report. They run in a child process.
#define PADO_CUDA_ON_CPU
#define PADO_CUDA_NAMESPACE cuda_faults_test

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include "kernels/cuda/device.h"
#include "tests/catch.h"

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kHasAddressSanitizer = true;
#else
constexpr bool kHasAddressSanitizer = false;
#endif

namespace pado::cuda_faults_test {
namespace {

/// What a child process that runs a fault writes to standard error; "survived" if it comes to its end.
template <class Fault>
std::string report_of(Fault fault) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    dup2(ends[1], 2);
    fault();
    (void)!write(2, "survived", 8);
    _exit(0);
  }
  close(ends[1]);
  std::string report;
  char part[4096];
  for (ssize_t n = 0; (n = read(ends[0], part, sizeof part)) > 0;) report.append(part, static_cast<std::size_t>(n));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return report;
}

float* new_floats(std::size_t count) {
  void* pointer = nullptr;
  cudaMalloc(&pointer, count * sizeof(float));
  return static_cast<float*>(pointer);
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

__global__ void write_at(float* out, int index) {
  __syncthreads();
  out[index + static_cast<int>(threadIdx.x)] = 1;
}
__global__ void write_shared_at(float* out, int index) {
  float* array = block_shared<float[40], struct Array>();  // as a pointer: the size is not seen when compiling
  array[index + static_cast<int>(threadIdx.x)] = 1;
  __syncthreads();
  out[threadIdx.x] = array[threadIdx.x];
}
__global__ void write_dynamic_at(float* out, int index) {
  auto* array = dynamic_shared<float>();
  array[index + static_cast<int>(threadIdx.x)] = 1;
  __syncthreads();
  out[threadIdx.x] = array[threadIdx.x];
}

TEST_CASE("cuda_on_cpu: correct kernels survive the checks of planted faults", "[cuda_on_cpu]") {
  CHECK(report_of([] {
          float* out = new_floats(64);
          launch<write_at>(2, 64, 0, nullptr, out, 0);
          launch<write_shared_at>(2, 32, 0, nullptr, out, 8);
          launch<write_dynamic_at>(2, 32, 40 * sizeof(float), nullptr, out, 8);
          cudaDeviceSynchronize();
          cudaFree(out);
        }) == "survived");
}

TEST_CASE("cuda_on_cpu: an overrun of global memory is reported", "[cuda_on_cpu]") {
  const auto report = report_of([] {
    float* out = new_floats(64);
    launch<write_at>(1, 64, 0, nullptr, out, 1);
    cudaDeviceSynchronize();
    cudaFree(out);
  });
  CHECK(contains(report,
                 kHasAddressSanitizer ? "AddressSanitizer" : "an allocation of 256 bytes was written past its end"));
  if (kHasAddressSanitizer) CHECK(contains(report, "write_at"));
}

TEST_CASE("cuda_on_cpu: an overrun of shared memory is reported by AddressSanitizer", "[cuda_on_cpu]") {
  if (!kHasAddressSanitizer) {
    std::cout << "skipped: this build has no AddressSanitizer (use the asan preset)\n";
    return;
  }
  const auto fixed = report_of([] {
    launch<write_shared_at>(1, 32, 0, nullptr, new_floats(32), 9);
    cudaDeviceSynchronize();
  });
  CHECK(contains(fixed, "AddressSanitizer"));
  CHECK(contains(fixed, "write_shared_at"));
  const auto dynamic = report_of([] {
    launch<write_dynamic_at>(1, 32, 40 * sizeof(float), nullptr, new_floats(32), 9);
    cudaDeviceSynchronize();
  });
  CHECK(contains(dynamic, "AddressSanitizer"));
  CHECK(contains(dynamic, "write_dynamic_at"));
}

__global__ void take_two_barriers() {
  if (threadIdx.x < 16) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}
__global__ void shuffle_with_the_absent(float* out) {
  if (threadIdx.x >= 20) return;
  out[threadIdx.x] = __shfl_xor_sync(kWholeWarp, 1.0f, 1);
}
__global__ void barrier_against_warp() {
  if (threadIdx.x < 16) {
    __syncwarp();
  } else {
    __syncthreads();
  }
}

TEST_CASE("cuda_on_cpu: threads that cannot meet are reported with the places where they stand", "[cuda_on_cpu]") {
  CHECK(contains(report_of([] {
                   launch<take_two_barriers>(1, 32, 0, nullptr);
                   cudaDeviceSynchronize();
                 }),
                 "take_two_barriers: threads of one block stand at different barriers"));
  CHECK(contains(report_of([] {
                   launch<shuffle_with_the_absent>(1, 32, 0, nullptr, new_floats(32));
                   cudaDeviceSynchronize();
                 }),
                 "the mask names a lane that has ended"));
  CHECK(contains(report_of([] {
                   launch<barrier_against_warp>(1, 32, 0, nullptr);
                   cudaDeviceSynchronize();
                 }),
                 "no thread of the block can go on"));
}

}  // namespace
}  // namespace pado::cuda_faults_test
