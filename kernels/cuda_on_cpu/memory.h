// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace pado::cuda_on_cpu {

enum class MemoryKind { unknown, device, pinned };

/// The kind of memory that holds the whole of [pointer, pointer + bytes); unknown where none of ours does.
MemoryKind memory_kind(const void* pointer, std::size_t bytes);

/// Sets the error that cudaGetLastError reports, and returns it.
int set_last_error(int error);

/// Ends the program with one line: a fault of device code has no other way out.
[[noreturn, gnu::format(printf, 1, 2)]] void fail(const char* format, ...);

}  // namespace pado::cuda_on_cpu
