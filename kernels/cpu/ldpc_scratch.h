// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/cpu/backend.h"

namespace pado::cpu {

struct LdpcScratch {
  explicit LdpcScratch(const Limits&) {}
};

}  // namespace pado::cpu
