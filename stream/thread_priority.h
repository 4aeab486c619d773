// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>
#include <sched.h>

namespace pado::stream {

/// While it lives, the thread that made it goes before all that are not of a real-time kind, where the system allows
/// that (root, CAP_SYS_NICE, or a limit of real-time priority); where not, nothing changes.
class ThreadPriority {
 public:
  enum Level { kSend = 5, kDecode = 10, kReceive = 20 };

  explicit ThreadPriority(Level level) noexcept {
    const sched_param wanted{.sched_priority = level};
    raised_ = ::pthread_getschedparam(::pthread_self(), &policy_, &before_) == 0 &&
              ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &wanted) == 0;
  }
  ~ThreadPriority() {
    if (raised_) ::pthread_setschedparam(::pthread_self(), policy_, &before_);
  }
  ThreadPriority(const ThreadPriority&) = delete;
  ThreadPriority& operator=(const ThreadPriority&) = delete;

 private:
  int policy_ = 0;
  sched_param before_{};
  bool raised_ = false;
};

}  // namespace pado::stream
