// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>

#include "kernels/check_crc.h"
#include "kernels/combine_and_demap.h"
#include "kernels/decode_ldpc.h"
#include "kernels/estimate_channel.h"
#include "kernels/limits.h"
#include "kernels/ofdm_demodulate.h"
#include "kernels/receive_beamforming.h"
#include "kernels/recover_rate.h"
#include "kernels/view.h"

namespace pado::cpu {

class Scratch;

using pado::Limits;

/// A host array, 64-byte aligned, zeroed, with 64 bytes of padding behind its end.
template <class T>
class HostBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  HostBuffer() = default;
  explicit HostBuffer(std::size_t size) : size_(size) {
    const std::size_t bytes = (size * sizeof(T) + 127) / 64 * 64;
    data_.reset(static_cast<T*>(::operator new(bytes, std::align_val_t{64})));
    __builtin_memset(static_cast<void*>(data_.get()), 0, bytes);
  }
  [[nodiscard]] std::span<T> view() const { return {data_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete(static_cast<void*>(p), std::align_val_t{64}); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

/// Kernels on one CPU core. Owns FFT plans and scratch; not for two threads at a time. Nothing allocates after
/// construction.
class Backend {
 public:
  template <class T>
  using ViewOf = std::span<T>;
  template <class T>
  using BufferOf = HostBuffer<T>;
  static constexpr std::string_view kName = "cpu";

  explicit Backend(const Limits& limits = {});
  ~Backend();
  Backend(Backend&&) noexcept;
  Backend& operator=(Backend&&) noexcept;

  [[nodiscard]] const Limits& limits() const { return limits_; }
  Scratch& scratch() { return *scratch_; }

 private:
  Limits limits_;
  std::unique_ptr<Scratch> scratch_;
};

void ofdm_demodulate(Backend&, const OfdmShape&, const OfdmArgs<Backend>&) noexcept;
void estimate_channel(Backend&, const DmrsShape&, const ChannelArgs<Backend>&) noexcept;
void compute_receive_weights(Backend&, const WeightsShape&, const WeightsArgs<Backend>&) noexcept;
void combine_and_demap(Backend&, const DemapShape&, const DemapArgs<Backend>&) noexcept;
void recover_rate(Backend&, const RateShape&, const RateArgs<Backend>&) noexcept;
void decode_ldpc(Backend&, const LdpcShape&, const LdpcArgs<Backend>&) noexcept;
void check_crc(Backend&, const CrcShape&, const CrcArgs<Backend>&) noexcept;

}  // namespace pado::cpu
