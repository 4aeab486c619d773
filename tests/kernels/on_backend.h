// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <iostream>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/backends.h"
#include "tests/catch.h"
#include "tests/kernels/instruction_sets.h"

// Arrays of a test in the memory of any backend: a span on the CPU, device memory and a stream elsewhere.
namespace pado::tests {

/// Whether this machine can run a backend that was built; a test that asks returns where not; the first says so.
template <class Backend>
bool ready() {
  std::string why;
  if (available<Backend>(&why)) return true;
  static bool said = false;
  if (!said) std::cout << "skipped: backend " << Backend::kName << ": " << why << '\n';
  said = true;
  return false;
}

template <class Backend>
inline constexpr bool kOnDevice = requires(Backend& on) { on.synchronize(); };

template <class Backend, template <class> class AnyBuffer, class T>
void upload(Backend& on, const std::vector<T>& host, const AnyBuffer<T>& buffer) {
  if constexpr (kOnDevice<Backend>) {
    on.upload(std::span<const T>(host), buffer.view());
  } else {
    std::copy(host.begin(), host.end(), buffer.view().begin());
  }
}

template <class Backend, template <class> class AnyBuffer, class T>
std::vector<T> download(Backend& on, const AnyBuffer<T>& buffer) {
  std::vector<T> host(buffer.size());
  if constexpr (kOnDevice<Backend>) {
    on.download(buffer.view(), std::span<T>(host));
    on.synchronize();
    CHECK(on.take_error() == "");
  } else {
    std::copy(buffer.view().begin(), buffer.view().end(), host.begin());
  }
  return host;
}

/// A buffer that holds what the host's array holds; of size 0 where that is empty.
template <class Backend, class T>
Buffer<Backend, T> uploaded(Backend& on, const std::vector<T>& host) {
  if (host.empty()) return {};
  Buffer<Backend, T> buffer(host.size());
  upload(on, host, buffer);
  return buffer;
}

/// Runs the body on the CPU with each instruction set that this machine has; once on every other backend.
template <class Backend, class Body>
void for_each_way_to_run(Body body) {
  if constexpr (std::is_same_v<Backend, cpu::Backend>) {
    for_each_instruction_set(body);
  } else {
    body();
  }
}

}  // namespace pado::tests
