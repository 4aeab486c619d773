// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "kernels/cuda_on_cpu/runtime_api.h"

namespace pado::cuda_on_cpu {

inline constexpr std::size_t kMaxThreads = 1024;           // of a block
inline constexpr std::size_t kMaxSharedBytes = 48 * 1024;  // of a block, without opting in to more
inline constexpr int kWarpSize = 32;

struct Grid {
  std::string_view name;
  dim3 blocks, threads;
  std::size_t dynamic_shared_bytes = 0;
  const std::function<void()>* thread = nullptr;
};

/// Runs a grid on this host thread, block after block. A worker fiber runs CUDA thread after CUDA thread; only one that
/// waits for others keeps its stack. Threads that can never meet (a barrier that some do not reach, a shuffle that
/// names a lane which has ended) end the program with a report of who waits where.
void run_grid(const Grid& grid);

}  // namespace pado::cuda_on_cpu
