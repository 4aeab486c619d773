// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {

void estimate_channel(Backend& on, const DmrsShape&, const ChannelArgs<Backend>& args) noexcept {
  Work& work = on.work();
  work.note("estimate_channel",
            cudaMemsetAsync(args.summary.data, 0, args.summary.size * sizeof(ChannelSummary), work.stream));
}

}  // namespace pado::PADO_CUDA_NAMESPACE
