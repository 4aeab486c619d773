// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernels/cpu/ceilings.h"

namespace pado::station {

/// The machine's own measure, for the distance of a kernel to its limit and for figures from other machines.
struct Yardstick {
  cpu::Ceilings ceilings;
  double fftw_4096_us = 0;
};

/// What a kernel's work is counted in: edge updates of the LDPC decoder, floating-point operations, bytes in and out.
enum class WorkUnit { edges, flops, bytes };

/// One kernel alone on one core, on data in cache.
struct KernelResult {
  std::string kernel, what;    // `what`: the case
  double time_us = 0;          // of a call; best of many
  double mbit_per_s = 0;       // payload of a decoder or a slot, soft bits of the others; 0: it makes no bits
  double melements_per_s = 0;  // resource elements; 0: none
  WorkUnit unit = WorkUnit::bytes;
  double work_per_ns = 0;
  double ratio_to_ceiling = 0;  // an edge update at its 12 vector operations a byte, flops at fused multiply-adds
  double factor = 0;            // how many times as fast as the reference, scaled through FFTW's time; 0: no reference
  double factor_wanted = 0;
  bool right = true;  // what came out was compared
  std::string remark = {};
};

struct KernelBenchOptions {
  double seconds = 1;  // a case
  std::string only;    // cases whose kernel or name contains this; empty: all
};

/// Measures case after case; each result goes to `use` as soon as it is there.
void bench_kernels(const Yardstick& yardstick, const KernelBenchOptions& options,
                   const std::function<void(const KernelResult&)>& use);

}  // namespace pado::station
