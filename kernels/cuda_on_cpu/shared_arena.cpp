// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda_on_cpu/shared_arena.h"

#include <cstdint>
#include <cstring>

#include "kernels/cuda_on_cpu/block_runner.h"
#include "kernels/cuda_on_cpu/memory.h"
#include "kernels/cuda_on_cpu/sanitizer.h"

namespace pado::cuda_on_cpu {
namespace {

constexpr std::size_t kRedZone = 512;
constexpr std::size_t kMaxArrays = 64;
constexpr std::size_t kArenaBytes = kMaxSharedBytes + (kMaxArrays + 1) * 2 * kRedZone;

}  // namespace

SharedArena::SharedArena() : memory_(new unsigned char[kArenaBytes]) {
  arrays_.reserve(kMaxArrays);
  sanitizer::poison(memory_.get(), kArenaBytes);
}

SharedArena::~SharedArena() { sanitizer::unpoison(memory_.get(), kArenaBytes); }

void SharedArena::begin_block(std::size_t dynamic_bytes) {
  for (const Array& array : arrays_) sanitizer::poison(array.begin, array.bytes);
  arrays_.clear();
  used_ = taken_ = 0;
  dynamic_ = dynamic_bytes > 0 ? add(nullptr, dynamic_bytes, 128) : nullptr;
}

void* SharedArena::find_or_add(const void* key, std::size_t bytes, std::size_t alignment) {
  for (const Array& array : arrays_) {
    if (array.key == key) return array.begin;
  }
  return add(key, bytes, alignment);
}

void* SharedArena::add(const void* key, std::size_t bytes, std::size_t alignment) {
  taken_ += bytes;
  if (taken_ > kMaxSharedBytes || arrays_.size() == kMaxArrays) {
    fail("a block uses %zu bytes of shared memory in %zu arrays, more than %zu bytes or %zu arrays", taken_,
         arrays_.size() + 1, kMaxSharedBytes, kMaxArrays);
  }
  const auto base = reinterpret_cast<std::uintptr_t>(memory_.get());
  const std::uintptr_t first = (base + used_ + kRedZone + alignment - 1) / alignment * alignment;
  auto* begin = memory_.get() + (first - base);
  used_ = first - base + bytes;
  sanitizer::unpoison(begin, bytes);
  std::memset(begin, 0xff, bytes);
  arrays_.push_back({key, begin, bytes});
  return begin;
}

}  // namespace pado::cuda_on_cpu
