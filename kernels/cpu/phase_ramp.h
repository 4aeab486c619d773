// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>

namespace pado::cpu {

/// A phase that grows evenly, a block of samples at a time: start and step (of a whole block) in double precision, so
/// that rounding does not add up; within a block from a table.
struct PhaseRamp {
  static constexpr int kBlock = 16;
  std::complex<double> start, step;
  alignas(64) float re[kBlock] = {}, im[kBlock] = {};
};

}  // namespace pado::cpu
