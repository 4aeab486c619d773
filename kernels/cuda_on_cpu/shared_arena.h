// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace pado::cuda_on_cpu {

/// The shared memory of the block that runs: one array per key, between red zones, filled with 0xff.
class SharedArena {
 public:
  SharedArena();
  ~SharedArena();
  SharedArena(const SharedArena&) = delete;
  SharedArena& operator=(const SharedArena&) = delete;

  void begin_block(std::size_t dynamic_bytes);
  void* find_or_add(const void* key, std::size_t bytes, std::size_t alignment);
  [[nodiscard]] void* dynamic() const { return dynamic_; }

 private:
  struct Array {
    const void* key;
    unsigned char* begin;
    std::size_t bytes;
  };
  void* add(const void* key, std::size_t bytes, std::size_t alignment);

  std::unique_ptr<unsigned char[]> memory_;
  std::vector<Array> arrays_;
  std::size_t used_ = 0;   // bytes of memory_, red zones included
  std::size_t taken_ = 0;  // bytes that a device would count
  void* dynamic_ = nullptr;
};

}  // namespace pado::cuda_on_cpu
