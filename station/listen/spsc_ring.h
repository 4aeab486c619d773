// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

namespace pado::station {

/// A bounded queue from one thread to one other, without locks. Nothing is allocated after construction.
template <class T>
class SpscRing {
 public:
  explicit SpscRing(std::size_t capacity) : slots_(capacity + 1) {}

  /// False where it is full.
  bool push(const T& value) noexcept {
    const std::size_t at = end_.load(std::memory_order_relaxed), after = next(at);
    if (after == begin_.load(std::memory_order_acquire)) return false;
    slots_[at] = value;
    end_.store(after, std::memory_order_release);
    return true;
  }

  /// False where it is empty.
  bool pop(T& value) noexcept {
    const std::size_t at = begin_.load(std::memory_order_relaxed);
    if (at == end_.load(std::memory_order_acquire)) return false;
    value = slots_[at];
    begin_.store(next(at), std::memory_order_release);
    return true;
  }

 private:
  static constexpr std::size_t kCacheLine = 64;

  [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return at + 1 == slots_.size() ? 0 : at + 1; }

  std::vector<T> slots_;
  alignas(kCacheLine) std::atomic<std::size_t> begin_{0};
  alignas(kCacheLine) std::atomic<std::size_t> end_{0};
};

}  // namespace pado::station
