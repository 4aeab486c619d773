// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/backend.h"

#include "kernels/cpu/scratch.h"

namespace pado::cpu {

Backend::Backend(const Limits& limits) : limits_(limits), scratch_(std::make_unique<Scratch>(limits)) {}
Backend::~Backend() = default;
Backend::Backend(Backend&&) noexcept = default;
Backend& Backend::operator=(Backend&&) noexcept = default;

}  // namespace pado::cpu
