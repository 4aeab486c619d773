// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "kernels/complex.h"

namespace pado {

/// A span of device memory: another type than a host span, so that a mix-up does not compile. Never owns.
template <class T>
struct DeviceSpan {
  T* data = nullptr;
  std::size_t size = 0;

  DeviceSpan() = default;
  PADO_HOST_DEVICE DeviceSpan(T* first, std::size_t count) : data(first), size(count) {}
  template <class U>
    requires(std::is_same_v<const U, T>)
  PADO_HOST_DEVICE DeviceSpan(DeviceSpan<U> other) : data(other.data), size(other.size) {}

  [[nodiscard]] PADO_HOST_DEVICE bool empty() const { return size == 0; }
  [[nodiscard]] PADO_HOST_DEVICE DeviceSpan subspan(std::size_t offset, std::size_t count) const {
    return {data + offset, count};
  }
#if defined(__CUDACC__) || defined(PADO_CUDA_ON_CPU)
  PADO_HOST_DEVICE T& operator[](std::size_t i) const { return data[i]; }  // in device code alone
#endif
};

/// The view of an array in a backend's memory: std::span on the CPU, DeviceSpan on a GPU.
template <class Backend, class T>
using View = typename Backend::template ViewOf<T>;

/// An array in a backend's memory, 64-byte aligned, of fixed size from construction on.
template <class Backend, class T>
using Buffer = typename Backend::template BufferOf<T>;

}  // namespace pado
