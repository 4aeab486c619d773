// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "kernels/cuda/channel_scratch.h"
#include "kernels/cuda/device.h"

namespace pado::PADO_CUDA_NAMESPACE {

inline constexpr int kDemapThreads = 128;  // of a block of combine_and_demap; each takes one data element of one symbol

/// Blocks for a slot of so many subcarriers: each leaves two partial sums.
constexpr std::size_t demap_blocks(int subcarriers) {
  return static_cast<std::size_t>((subcarriers + kDemapThreads - 1) / kDemapThreads) * kSymbolsPerSlot;
}

/// Pinned memory that copies between host and device go through, so that they are asynchronous for any host array.
class Staging {
 public:
  explicit Staging(std::size_t capacity);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// A piece of at most so many bytes; null where all is in use until the stream has been waited for.
  unsigned char* take(std::size_t& bytes);
  /// Notes that a piece shall go to the host's array; false where no more can be noted.
  bool deliver_later(const unsigned char* piece, void* host, std::size_t bytes);
  /// After waiting for the stream: fills the hosts' arrays, and all pieces are free again.
  void deliver();

 private:
  struct Delivery {
    const unsigned char* piece;
    void* host;
    std::size_t bytes;
  };
  static constexpr std::size_t kMaxDeliveries = 256;
  std::size_t capacity_, used_ = 0;
  unsigned char* memory_ = nullptr;
  std::array<Delivery, kMaxDeliveries> deliveries_{};
  std::size_t deliveries_count_ = 0;
};

/// What a backend owns on the device.
class Work {
 public:
  explicit Work(const Limits& limits);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  /// Keeps the first error; what names the operation and lives on.
  void note(const char* what, cudaError_t error) noexcept;
  void note(const char* what, cufftResult result) noexcept;
  void note_text(const char* what, const char* error) noexcept;
  void check_launch(const char* what) noexcept { note(what, cudaGetLastError()); }

  cudaStream_t stream = nullptr;
  cufftHandle symbol_fft = 0;  // of all symbols and antennas, in place
  Staging staging;
  DeviceBuffer<cf32> symbols;      // [antenna][symbol][fft_size], time samples and then bins
  DeviceBuffer<float> demap_sums;  // [block][sum] of combine_and_demap
  ChannelScratch channel;
  const char* failed_operation = nullptr;
  const char* error = nullptr;
};

/// Receive beamforming for sizes without an instance of their own.
void weigh_any_size(Work& work, const WeightsShape& shape, const WeightsArgs<Backend>& args);

}  // namespace pado::PADO_CUDA_NAMESPACE
