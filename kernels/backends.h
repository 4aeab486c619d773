// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tuple>

#include "kernels/cpu/backend.h"

namespace pado {

/// The backends of this build: the one place that knows which were built.
using BuiltBackends = std::tuple<cpu::Backend>;

}  // namespace pado
