// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/ldpc_schedule.h"
#include "kernels/cpu/ldpc_scratch.h"

namespace pado::cpu {

/// Brings the soft bits of `count` code blocks, `stride` bytes apart, into the rings of the schedule's columns. Places
/// of a ring that have no block get zeros, which no check minds.
void load_ring(const LdpcSchedule& schedule, const std::int8_t* soft, std::size_t stride, int count,
               LdpcScratch& scratch) noexcept;

/// Hard decisions of the first `bits` bits into scratch.hard_bits, [byte][ring block]; after: the iteration modulo 2.
void pack_ring(const LdpcSchedule& schedule, int after, int bits, LdpcScratch& scratch) noexcept;

}  // namespace pado::cpu
