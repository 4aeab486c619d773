// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda_on_cpu/block_runner.h"

#include <sys/mman.h>

#include <array>
#include <boost/context/fiber.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "kernels/cuda_on_cpu/device_api.h"
#include "kernels/cuda_on_cpu/memory.h"
#include "kernels/cuda_on_cpu/sanitizer.h"
#include "kernels/cuda_on_cpu/shared_arena.h"

namespace pado::cuda_on_cpu {

thread_local constinit Index3 threadIdx, blockIdx, blockDim, gridDim;

namespace {

namespace context = boost::context;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kStackBytes = 64 * 1024;  // mapped when touched

/// A fiber's stack with a guard page below. Tops are staggered, or all fibers' frames would compete for one cache set.
struct FiberStack {
  context::stack_context allocate() {
    void* memory = mmap(nullptr, kStackBytes + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) fail("no memory for a fiber's stack");
    mprotect(memory, kPage, PROT_NONE);
    context::stack_context stack;
    stack.size = kStackBytes + kPage;
    stack.sp = static_cast<char*>(memory) + stack.size;
    return stack;
  }
  void deallocate(context::stack_context& stack) { munmap(static_cast<char*>(stack.sp) - stack.size, stack.size); }
};

struct Worker {
  context::fiber fiber;  // where it goes on, while it is suspended
  context::fiber scheduler;
  sanitizer::Stack stack;
  void* saved = nullptr;  // AddressSanitizer's, while it is suspended
};

enum class State : std::uint8_t { not_started, running, ready, at_barrier, in_warp, ended };

struct Thread {
  State state = State::not_started;
  Worker* worker = nullptr;
  Place place;
  bool predicate = false;                         // brought to the barrier
  WarpOperation operation = WarpOperation::sync;  // and what is brought to the warp's rendezvous
  unsigned mask = 0;
  std::uint64_t value = 0, result = 0;
  int source_lane = 0;
};

}  // namespace

/// The scheduler of one host thread: runs one block at a time.
class BlockRunner {
 public:
  ~BlockRunner() {
    stopping_ = true;  // a fiber must end by itself: destroyed while suspended it would throw on its stack
    for (const auto& worker : workers_) resume(*worker);
  }

  void run(const Grid& grid) {
    grid_ = &grid;
    count_ = static_cast<int>(grid.threads.x * grid.threads.y * grid.threads.z);
    set(gridDim, grid.blocks);
    set(blockDim, grid.threads);
    dim3 block;
    for (block.z = 0; block.z < grid.blocks.z; ++block.z) {
      for (block.y = 0; block.y < grid.blocks.y; ++block.y) {
        for (block.x = 0; block.x < grid.blocks.x; ++block.x) {
          set(blockIdx, block);
          run_block();
        }
      }
    }
    grid_ = nullptr;
  }

  int meet_block(bool predicate, Place place) {
    Thread& self = threads_[current_];
    self.predicate = predicate;
    self.place = place;
    self.state = State::at_barrier;
    ++at_barrier_;
    if (!release_barrier()) wait();
    return barrier_result_;
  }

  std::uint64_t meet_warp(WarpOperation operation, unsigned mask, std::uint64_t value, int source_lane, Place place) {
    Thread& self = threads_[current_];
    self.operation = operation;
    self.mask = mask;
    self.value = value;
    self.source_lane = source_lane;
    self.place = place;
    self.state = State::in_warp;
    if (!release_warp()) wait();
    return threads_[current_].result;
  }

  SharedArena& shared() { return shared_; }

 private:
  static void set(Index3& index, dim3 to) {
    index.x.value_ = to.x;
    index.y.value_ = to.y;
    index.z.value_ = to.z;
  }

  void become(int thread) {
    current_ = thread;
    threads_[thread].state = State::running;
    const auto n = static_cast<unsigned>(thread);
    const dim3 size = grid_->threads;
    set(threadIdx, {n % size.x, n / size.x % size.y, n / size.x / size.y});
  }

  void run_block() {
    shared_.begin_block(grid_->dynamic_shared_bytes);
    for (int i = 0; i < count_; ++i) threads_[i] = {};
    started_ = ended_ = at_barrier_ = 0;
    first_ready_ = ready_count_ = 0;
    while (ended_ < count_) {
      const int next = next_ready();
      if (next >= 0) {
        become(next);
        resume(*threads_[next].worker);
      } else if (started_ < count_) {
        resume(idle_worker());
      } else {
        report_deadlock();
      }
    }
  }

  // The order of threads is decided here alone: those that can go on, first come first served, before new ones; new
  // ones by their number.
  int next_ready() {
    if (ready_count_ == 0) return -1;
    --ready_count_;
    return ready_[std::exchange(first_ready_, (first_ready_ + 1) % static_cast<int>(kMaxThreads))];
  }
  void make_ready(int thread) {
    threads_[thread].state = thread == current_ ? State::running : State::ready;
    if (thread == current_) return;
    ready_[(first_ready_ + ready_count_++) % static_cast<int>(kMaxThreads)] = thread;
  }

  // Releases the barrier if every thread that has not ended stands there.
  bool release_barrier() {
    if (at_barrier_ == 0 || at_barrier_ + ended_ < count_) return false;
    barrier_result_ = 0;
    const Place* first = nullptr;
    for (int i = 0; i < count_; ++i) {
      Thread& thread = threads_[i];
      if (thread.state != State::at_barrier) continue;
      if (first == nullptr) first = &thread.place;
      if (first->line != thread.place.line || first->file != thread.place.file) {
        fail("%s: threads of one block stand at different barriers, %s:%d and %s:%d", name().c_str(), first->file,
             first->line, thread.place.file, thread.place.line);
      }
      barrier_result_ += thread.predicate ? 1 : 0;
      make_ready(i);
    }
    at_barrier_ = 0;
    return true;
  }

  // Releases the lanes of the current thread's mask if all of them have come.
  bool release_warp() {
    const Thread& self = threads_[current_];
    const int base = current_ / kWarpSize * kWarpSize;
    if ((self.mask >> (current_ - base) & 1) == 0) fail_warp("a lane is not in its own mask", self, self);
    bool complete = true;
    for (int lane = 0; lane < kWarpSize; ++lane) {
      if ((self.mask >> lane & 1) == 0) continue;
      if (base + lane >= count_) fail_warp("the mask names a lane that the block does not have", self, self);
      const Thread& other = threads_[base + lane];
      if (other.state == State::ended) fail_warp("the mask names a lane that has ended", self, other);
      if (other.state != State::in_warp) complete = false;
      if (other.state == State::in_warp &&
          (other.mask != self.mask || other.operation != self.operation || other.place.line != self.place.line)) {
        if ((other.mask >> (current_ - base) & 1) != 0) fail_warp("lanes meet in different operations", self, other);
        complete = false;
      }
    }
    if (complete) deliver(base, self.mask);
    return complete;
  }

  void deliver(int base, unsigned mask) {
    std::uint64_t ballot = 0;
    for (int lane = 0; lane < kWarpSize; ++lane) {
      if ((mask >> lane & 1) != 0 && threads_[base + lane].value != 0) ballot |= std::uint64_t{1} << lane;
    }
    for (int lane = 0; lane < kWarpSize; ++lane) {
      if ((mask >> lane & 1) == 0) continue;
      Thread& thread = threads_[base + lane];
      if (thread.operation == WarpOperation::shuffle && (mask >> thread.source_lane & 1) == 0) {
        fail_warp("a shuffle reads a lane outside of its mask", thread, thread);
      }
      thread.result = thread.operation == WarpOperation::shuffle ? threads_[base + thread.source_lane].value : ballot;
    }
    for (int lane = 0; lane < kWarpSize; ++lane) {
      if ((mask >> lane & 1) != 0) make_ready(base + lane);
    }
  }

  // Leaves the current thread until somebody has made it ready.
  void wait() {
    const int self = current_;
    suspend(*threads_[self].worker);
  }

  void end_thread() {
    Thread& self = threads_[current_];
    self.state = State::ended;
    ++ended_;
    const int base = current_ / kWarpSize * kWarpSize;
    for (int i = base; i < base + kWarpSize && i < count_; ++i) {
      const Thread& other = threads_[i];
      if (other.state == State::in_warp && (other.mask >> (current_ - base) & 1) != 0) {
        fail_warp("the mask names a lane that has ended", other, self);
      }
    }
    current_ = -1;
    release_barrier();
  }

  void work(Worker& self) {
    while (!stopping_) {
      do {
        become(started_++);
        threads_[current_].worker = &self;
        (*grid_->thread)();
        end_thread();
      } while (started_ < count_ && ready_count_ == 0);
      idle_.push_back(&self);
      suspend(self);
    }
  }

  Worker& idle_worker() {
    if (idle_.empty()) return new_worker();
    Worker& worker = *idle_.back();
    idle_.pop_back();
    return worker;
  }

  Worker& new_worker() {
    workers_.push_back(std::make_unique<Worker>());
    idle_.reserve(kMaxThreads);
    Worker& worker = *workers_.back();
    FiberStack allocator;
    const context::stack_context stack = allocator.allocate();
    worker.stack = {static_cast<char*>(stack.sp) - kStackBytes, kStackBytes};
    const std::size_t stagger = workers_.size() % 16 * 64;
    const context::preallocated top(static_cast<char*>(stack.sp) - stagger, stack.size - stagger, stack);
    worker.fiber = context::fiber(std::allocator_arg, top, allocator, [this, &worker](context::fiber&& scheduler) {
      sanitizer::after_switch(nullptr, &scheduler_stack_);
      worker.scheduler = std::move(scheduler);
      work(worker);
      sanitizer::before_switch(nullptr, scheduler_stack_);
      return std::move(worker.scheduler);
    });
    return worker;
  }

  void resume(Worker& worker) {
    void* saved = nullptr;
    sanitizer::before_switch(&saved, worker.stack);
    worker.fiber = std::move(worker.fiber).resume();
    sanitizer::after_switch(saved, nullptr);
  }

  void suspend(Worker& worker) {
    sanitizer::before_switch(&worker.saved, scheduler_stack_);
    worker.scheduler = std::move(worker.scheduler).resume();
    sanitizer::after_switch(worker.saved, &scheduler_stack_);
  }

  [[nodiscard]] std::string name() const { return std::string(grid_->name); }

  [[noreturn]] void fail_warp(const char* what, const Thread& a, const Thread& b) const {
    fail("%s: %s: thread %d at %s:%d, thread %d at %s:%d", name().c_str(), what, static_cast<int>(&a - threads_.data()),
         a.place.file, a.place.line, static_cast<int>(&b - threads_.data()), b.place.file, b.place.line);
  }

  [[noreturn]] void report_deadlock() const {
    for (int i = 0; i < count_; ++i) {
      const Thread& thread = threads_[i];
      if (thread.state == State::ended) continue;
      std::fprintf(stderr, "cuda_on_cpu: thread %d waits %s at %s:%d\n", i,
                   thread.state == State::at_barrier ? "for its block" : "for its warp", thread.place.file,
                   thread.place.line);
    }
    fail("%s: no thread of the block can go on", name().c_str());
  }

  const Grid* grid_ = nullptr;
  int count_ = 0, started_ = 0, ended_ = 0, at_barrier_ = 0, barrier_result_ = 0;
  int current_ = -1;
  std::array<Thread, kMaxThreads> threads_;
  std::array<int, kMaxThreads> ready_{};  // a ring
  int first_ready_ = 0, ready_count_ = 0;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Worker*> idle_;
  sanitizer::Stack scheduler_stack_;
  SharedArena shared_;
  bool stopping_ = false;
};

namespace {

BlockRunner& this_runner() {
  thread_local BlockRunner runner;
  return runner;
}

}  // namespace

void run_grid(const Grid& grid) { this_runner().run(grid); }

int meet_block(bool predicate, Place place) { return this_runner().meet_block(predicate, place); }

std::uint64_t meet_warp(WarpOperation operation, unsigned mask, std::uint64_t value, int source_lane, Place place) {
  return this_runner().meet_warp(operation, mask, value, source_lane, place);
}

void* shared_memory(const void* key, std::size_t bytes, std::size_t alignment) {
  return this_runner().shared().find_or_add(key, bytes, alignment);
}

void* dynamic_shared_memory() { return this_runner().shared().dynamic(); }

}  // namespace pado::cuda_on_cpu
