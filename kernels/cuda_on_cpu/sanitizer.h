// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// What the emulation tells AddressSanitizer: through its run-time functions, weakly linked, because the emulation
/// itself is built without sanitizers (the kernels are built with them). Nothing happens in a program without it.
namespace pado::cuda_on_cpu::sanitizer {

void poison(const void* begin, std::size_t bytes);
void unpoison(const void* begin, std::size_t bytes);

struct Stack {
  const void* bottom = nullptr;
  std::size_t size = 0;
};
/// Around a switch of stacks: before it, where to; after it, on the new stack, where from. A null saved in
/// before_switch says that this stack does not come back.
void before_switch(void** saved, Stack to);
void after_switch(void* saved, Stack* from);

}  // namespace pado::cuda_on_cpu::sanitizer
