// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "kernels/cpu/backend.h"
#include "kernels/recover_rate.h"
#include "phy/nr/code_block_groups.h"

namespace pado::pusch {

/// recover_rate of the code blocks that a transmission carries. The others keep their soft bits, or begin without any
/// where the transmission is not combined with another. shape: of the whole block; its short_blocks count among those
/// that are sent.
void recover_sent_blocks(cpu::Backend& on, std::span<const nr::BlockRun> sent, const RateShape& shape,
                         std::span<const std::int8_t> llrs, std::span<std::int8_t> soft) noexcept;

}  // namespace pado::pusch
