// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda_on_cpu/sanitizer.h"

extern "C" {
[[gnu::weak]] void __asan_poison_memory_region(const volatile void*, std::size_t);
[[gnu::weak]] void __asan_unpoison_memory_region(const volatile void*, std::size_t);
[[gnu::weak]] void __sanitizer_start_switch_fiber(void**, const void*, std::size_t);
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void*, const void**, std::size_t*);
}

namespace pado::cuda_on_cpu::sanitizer {

void poison(const void* begin, std::size_t bytes) {
  if (__asan_poison_memory_region != nullptr) __asan_poison_memory_region(begin, bytes);
}

void unpoison(const void* begin, std::size_t bytes) {
  if (__asan_unpoison_memory_region != nullptr) __asan_unpoison_memory_region(begin, bytes);
}

void before_switch(void** saved, Stack to) {
  if (__sanitizer_start_switch_fiber != nullptr) __sanitizer_start_switch_fiber(saved, to.bottom, to.size);
}

void after_switch(void* saved, Stack* from) {
  if (__sanitizer_finish_switch_fiber == nullptr) return;
  if (from == nullptr) {
    __sanitizer_finish_switch_fiber(saved, nullptr, nullptr);
  } else {
    __sanitizer_finish_switch_fiber(saved, &from->bottom, &from->size);
  }
}

}  // namespace pado::cuda_on_cpu::sanitizer
