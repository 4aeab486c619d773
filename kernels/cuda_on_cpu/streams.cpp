// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "kernels/cuda_on_cpu/block_runner.h"
#include "kernels/cuda_on_cpu/memory.h"
#include "kernels/cuda_on_cpu/runtime_api.h"

namespace pado::cuda_on_cpu {

/// Work in the order in which it was queued. Whoever synchronises runs it, on the own host thread.
class Stream {
 public:
  void push(std::string_view name, std::function<void()> work) {
    const std::lock_guard lock(queue_mutex_);
    queue_.push_back({name, std::move(work)});
  }

  void run_all() {
    const std::lock_guard running(run_mutex_);
    for (;;) {
      Operation next;
      {
        const std::lock_guard lock(queue_mutex_);
        if (queue_.empty()) return;
        next = std::move(queue_.front());
        queue_.pop_front();
        if (!next.name.empty()) ++launches_[next.name];
      }
      next.work();
    }
  }

  std::vector<std::pair<std::string_view, long>> launches() {
    const std::lock_guard lock(queue_mutex_);
    return {launches_.begin(), launches_.end()};
  }

 private:
  struct Operation {
    std::string_view name;  // of a kernel; empty for a copy
    std::function<void()> work;
  };
  std::mutex queue_mutex_, run_mutex_;
  std::deque<Operation> queue_;
  std::map<std::string_view, long> launches_;
};

namespace {

struct Streams {
  const std::shared_ptr<Stream> by_default = std::make_shared<Stream>();
  std::mutex mutex;
  std::vector<std::shared_ptr<Stream>> all{by_default};
};

Streams& streams() {
  static Streams instance;
  return instance;
}

Stream& stream_or_default(cudaStream_t stream) { return stream != nullptr ? *stream : *streams().by_default; }

bool grid_fits(dim3 grid, dim3 block, std::size_t shared_bytes) {
  const std::size_t threads = std::size_t{block.x} * block.y * block.z;
  return threads >= 1 && threads <= kMaxThreads && block.z <= 64 && grid.x >= 1 && grid.x <= 0x7fffffff &&
         grid.y >= 1 && grid.y <= 65535 && grid.z >= 1 && grid.z <= 65535 && shared_bytes <= kMaxSharedBytes;
}

}  // namespace

void enqueue(cudaStream_t stream, std::string_view name, std::function<void()> work) {
  stream_or_default(stream).push(name, std::move(work));
}

void enqueue_grid(std::string_view name, dim3 grid, dim3 block, std::size_t shared_bytes, cudaStream_t stream,
                  std::function<void()> thread) {
  if (!grid_fits(grid, block, shared_bytes)) {
    set_last_error(cudaErrorInvalidConfiguration);
    return;
  }
  enqueue(stream, name, [=, thread = std::move(thread)] { run_grid({name, grid, block, shared_bytes, &thread}); });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  const std::lock_guard lock(streams().mutex);
  streams().all.push_back(std::make_shared<Stream>());
  *stream = streams().all.back().get();
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  if (stream == nullptr) return static_cast<cudaError_t>(set_last_error(cudaErrorInvalidValue));
  stream->run_all();
  const std::lock_guard lock(streams().mutex);
  std::erase_if(streams().all, [stream](const auto& other) { return other.get() == stream; });
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  stream_or_default(stream).run_all();
  return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() {
  std::vector<std::shared_ptr<Stream>> all;
  {
    const std::lock_guard lock(streams().mutex);
    all = streams().all;
  }
  for (const auto& stream : all) stream->run_all();
  return cudaSuccess;
}

std::vector<std::pair<std::string_view, long>> launches(cudaStream_t stream) {
  return stream_or_default(stream).launches();
}

}  // namespace pado::cuda_on_cpu
