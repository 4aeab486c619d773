// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/cpu/simd.h"
// After simd.h, which says what the kernels are compiled for.
#include <hwy/targets.h>

// Kernels choose their instruction set at run time: tests may run them with each that this machine has.
namespace pado::tests {

template <class Body>
void for_each_instruction_set(Body body) {
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace pado::tests
