// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

void require(const char* what, cudaError_t error) {
  if (error == cudaSuccess) return;
  cudaGetLastError();  // clears it, or the next launch would be blamed
  throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
}

const Limits& checked(const Limits& limits) {
  std::string why;
  if (!device_available(&why)) throw std::runtime_error(why);
  return limits;
}

// Room for the samples of a slot, which has at most 16 times the FFT's points, and for soft bits on the way back.
std::size_t staging_bytes(const Limits& limits) {
  const std::size_t samples = std::size_t(limits.antennas) * limits.fft_size * 16 * sizeof(cf32);
  const std::size_t soft_bits = std::size_t(limits.layers) * limits.prbs * 12 * kSymbolsPerSlot * 8;
  return samples + soft_bits + (std::size_t{1} << 18);
}

}  // namespace

bool device_available(std::string* why) {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return true;
  cudaGetLastError();
  if (why != nullptr)
    *why = std::string("no CUDA device: ") + (error == cudaSuccess ? "none" : cudaGetErrorString(error));
  return false;
}

void* allocate_device(std::size_t bytes) {
  void* memory = nullptr;
  require("device memory", cudaMalloc(&memory, bytes));
  require("device memory", cudaMemsetAsync(memory, 0, bytes, nullptr));
  require("device memory", cudaStreamSynchronize(nullptr));
  return memory;
}

void free_device(void* memory) noexcept { cudaFree(memory); }

Staging::Staging(std::size_t capacity) : capacity_(capacity) {
  void* memory = nullptr;
  require("pinned memory", cudaMallocHost(&memory, capacity));
  memory_ = static_cast<unsigned char*>(memory);
}

Staging::~Staging() { cudaFreeHost(memory_); }

unsigned char* Staging::take(std::size_t& bytes) {
  bytes = std::min(bytes, capacity_ - used_);
  if (bytes == 0) return nullptr;
  unsigned char* piece = memory_ + used_;
  used_ = std::min(capacity_, (used_ + bytes + 63) / 64 * 64);
  return piece;
}

bool Staging::deliver_later(const unsigned char* piece, void* host, std::size_t bytes) {
  if (deliveries_count_ == kMaxDeliveries) return false;
  deliveries_[deliveries_count_++] = {piece, host, bytes};
  return true;
}

void Staging::deliver() {
  for (std::size_t i = 0; i < deliveries_count_; ++i) {
    std::memcpy(deliveries_[i].host, deliveries_[i].piece, deliveries_[i].bytes);
  }
  deliveries_count_ = used_ = 0;
}

Work::Work(const Limits& limits)
    : staging(staging_bytes(checked(limits))),
      symbols(std::size_t(limits.antennas) * kSymbolsPerSlot * limits.fft_size),
      demap_sums(2 * demap_blocks(12 * limits.prbs)),
      channel(limits) {
  require("stream", cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  int size = limits.fft_size;
  const int batch = limits.antennas * kSymbolsPerSlot;
  if (cufftPlanMany(&symbol_fft, 1, &size, &size, 1, size, &size, 1, size, CUFFT_C2C, batch) != CUFFT_SUCCESS ||
      cufftSetStream(symbol_fft, stream) != CUFFT_SUCCESS) {
    cudaStreamDestroy(stream);
    throw std::runtime_error("cuFFT: no plan for " + std::to_string(batch) + " transforms of " + std::to_string(size) +
                             " points");
  }
}

Work::~Work() {
  cudaStreamSynchronize(stream);
  cufftDestroy(symbol_fft);
  cudaStreamDestroy(stream);
}

void Work::note_text(const char* what, const char* text) noexcept {
  if (error != nullptr) return;
  failed_operation = what;
  error = text;
}

void Work::note(const char* what, cudaError_t result) noexcept {
  if (result != cudaSuccess) note_text(what, cudaGetErrorString(result));
}

void Work::note(const char* what, cufftResult result) noexcept {
  if (result != CUFFT_SUCCESS) note_text(what, "cuFFT refused the transform");
}

Backend::Backend(const Limits& limits) : limits_(limits), work_(std::make_unique<Work>(limits)) {}
Backend::~Backend() = default;
Backend::Backend(Backend&&) noexcept = default;
Backend& Backend::operator=(Backend&&) noexcept = default;

std::size_t Backend::checked_bytes(std::size_t host, std::size_t device, std::size_t size) noexcept {
  if (host == device) return host * size;
  work_->note_text("copy", "arrays of different sizes");
  return 0;
}

void Backend::upload_bytes(const void* host, void* device, std::size_t bytes) noexcept {
  const auto* from = static_cast<const unsigned char*>(host);
  auto* to = static_cast<unsigned char*>(device);
  while (bytes > 0) {
    std::size_t part = bytes;
    unsigned char* piece = work_->staging.take(part);
    if (piece == nullptr) {
      synchronize();
      continue;
    }
    std::memcpy(piece, from, part);
    work_->note("upload", cudaMemcpyAsync(to, piece, part, cudaMemcpyHostToDevice, work_->stream));
    from += part;
    to += part;
    bytes -= part;
  }
}

void Backend::download_bytes(const void* device, void* host, std::size_t bytes) noexcept {
  const auto* from = static_cast<const unsigned char*>(device);
  auto* to = static_cast<unsigned char*>(host);
  while (bytes > 0) {
    std::size_t part = bytes;
    unsigned char* piece = work_->staging.take(part);
    if (piece == nullptr || !work_->staging.deliver_later(piece, to, part)) {
      synchronize();
      continue;
    }
    work_->note("download", cudaMemcpyAsync(piece, from, part, cudaMemcpyDeviceToHost, work_->stream));
    from += part;
    to += part;
    bytes -= part;
  }
}

void Backend::synchronize() noexcept {
  work_->note("synchronize", cudaStreamSynchronize(work_->stream));
  work_->staging.deliver();
}

std::string Backend::take_error() {
  const char* error = std::exchange(work_->error, nullptr);
  return error == nullptr ? std::string() : std::string(work_->failed_operation) + ": " + error;
}

std::vector<std::pair<std::string_view, long>> Backend::launches() const { return launches_of(work_->stream); }

}  // namespace pado::PADO_CUDA_NAMESPACE
