// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// No #pragma once: a program that has both CUDA and its emulation includes this once for each, with the namespace in
// PADO_CUDA_NAMESPACE (kernels/backends.h does, for all users). No name of CUDA stands here, so any compiler reads it.
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/combine_and_demap.h"
#include "kernels/estimate_channel.h"
#include "kernels/limits.h"
#include "kernels/ofdm_demodulate.h"
#include "kernels/receive_beamforming.h"
#include "kernels/view.h"

namespace pado::PADO_CUDA_NAMESPACE {

class Work;

#define PADO_TEXT(x) #x
#define PADO_TEXT_OF(x) PADO_TEXT(x)
inline constexpr bool kEmulated = std::string_view(PADO_TEXT_OF(PADO_CUDA_NAMESPACE)) != "cuda";
#undef PADO_TEXT_OF
#undef PADO_TEXT

/// Whether a backend can be made on this machine; where not, why tells what is missing.
bool device_available(std::string* why = nullptr);

/// Zeroed device memory; throws std::runtime_error where there is none left.
void* allocate_device(std::size_t bytes);
void free_device(void* memory) noexcept;

/// A device array of fixed size, zeroed, aligned to 256 bytes, with 64 bytes of padding behind its end.
template <class T>
class DeviceBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  DeviceBuffer() = default;
  explicit DeviceBuffer(std::size_t size)
      : data_(static_cast<T*>(allocate_device(size * sizeof(T) + 64))), size_(size) {}
  [[nodiscard]] DeviceSpan<T> view() const { return {data_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { free_device(const_cast<std::remove_const_t<T>*>(p)); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

/// Kernels on one CUDA stream. Each call enqueues and returns; synchronize waits for all. Owns the stream, FFT plans,
/// scratch and pinned memory for copies; nothing is allocated after construction. Not for two threads at a time.
class Backend {
 public:
  template <class T>
  using ViewOf = DeviceSpan<T>;
  template <class T>
  using BufferOf = DeviceBuffer<T>;
  static constexpr std::string_view kName = kEmulated ? "cuda-emulated" : "cuda";

  /// Throws std::runtime_error with one line: no device, or not enough memory on it.
  explicit Backend(const Limits& limits = {});
  ~Backend();
  Backend(Backend&&) noexcept;
  Backend& operator=(Backend&&) noexcept;

  [[nodiscard]] const Limits& limits() const { return limits_; }

  /// Copies in the stream's order; the host's array may change as soon as this returns.
  template <class T>
  void upload(std::type_identity_t<std::span<const T>> host, DeviceSpan<T> device) noexcept {
    upload_bytes(host.data(), device.data, checked_bytes(host.size(), device.size, sizeof(T)));
  }
  /// Copies in the stream's order; the host's array holds the result after the next synchronize.
  template <class T>
  void download(std::type_identity_t<DeviceSpan<const T>> device, std::span<T> host) noexcept {
    download_bytes(device.data, host.data(), checked_bytes(host.size(), device.size, sizeof(T)));
  }
  void synchronize() noexcept;

  /// The first error since the last call, as one line; empty where all went well.
  std::string take_error();
  /// How often each kernel ran, by name; empty on a real device.
  [[nodiscard]] std::vector<std::pair<std::string_view, long>> launches() const;

  Work& work() { return *work_; }

 private:
  std::size_t checked_bytes(std::size_t host, std::size_t device, std::size_t size) noexcept;
  void upload_bytes(const void* host, void* device, std::size_t bytes) noexcept;
  void download_bytes(const void* device, void* host, std::size_t bytes) noexcept;

  Limits limits_;
  std::unique_ptr<Work> work_;
};

void ofdm_demodulate(Backend&, const OfdmShape&, const OfdmArgs<Backend>&) noexcept;
void estimate_channel(Backend&, const DmrsShape&, const ChannelArgs<Backend>&) noexcept;
void compute_receive_weights(Backend&, const WeightsShape&, const WeightsArgs<Backend>&) noexcept;
void combine_and_demap(Backend&, const DemapShape&, const DemapArgs<Backend>&) noexcept;

}  // namespace pado::PADO_CUDA_NAMESPACE
