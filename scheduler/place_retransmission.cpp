// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/place_retransmission.h"

#include <bit>

namespace pado::scheduler {
namespace {

constexpr RbgMask run(int first, int length) {
  return static_cast<RbgMask>(((std::uint64_t{1} << length) - 1) << first);
}

// The first RBGs of the shortest free run that is long enough.
RbgMask in_the_tightest_run(RbgMask free, int length) {
  RbgMask found = 0;
  int found_room = kMaxRbgs + 1;
  for (int first = 0; first < kMaxRbgs;) {
    const int room = std::countr_one(free >> first);
    if (room >= length && room < found_room) {
      found = run(first, length);
      found_room = room;
    }
    first += room + 1;
  }
  return found;
}

RbgMask lowest(RbgMask free, int count) {
  RbgMask found = 0;
  for (; count > 0; --count, free &= free - 1) found |= free & (~free + 1);
  return found;
}

}  // namespace

RbgMask place_retransmission(const CellShape& shape, RbgMask free, const HarqProcess& block) {
  const int last = shape.rbgs() - 1;
  const RbgMask small = shape.prbs_of(last) < shape.rbg_prbs ? RbgMask{1} << last : 0;
  const bool had_small = block.prbs < block.rbgs * shape.rbg_prbs;
  if (had_small && (free & small) == 0) return 0;
  if (shape.allocation == AllocationType::contiguous) {
    if (!had_small) return in_the_tightest_run(free & ~small, block.rbgs);
    const RbgMask at_end = run(last + 1 - block.rbgs, block.rbgs);
    return (at_end & ~free) == 0 ? at_end : 0;
  }
  const int others = block.rbgs - (had_small ? 1 : 0);
  if (std::popcount(free & ~small) < others) return 0;
  return lowest(free & ~small, others) | (had_small ? small : 0);
}

}  // namespace pado::scheduler
