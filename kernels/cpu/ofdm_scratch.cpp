// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/ofdm_scratch.h"

#include <fftw3.h>

#include "kernels/fftw_lock.h"

namespace pado::cpu {
namespace {

fftwf_complex* fftw(cf32* x) { return reinterpret_cast<fftwf_complex*>(x); }

}  // namespace

struct ForwardFft::Plan {
  fftwf_plan handle = nullptr;
};

ForwardFft::ForwardFft(int size) : plan_(std::make_unique<Plan>()) {
  const HostBuffer<cf32> in(static_cast<std::size_t>(size)), out(static_cast<std::size_t>(size));
  const std::scoped_lock lock(fftw_lock());
  plan_->handle = fftwf_plan_dft_1d(size, fftw(in.view().data()), fftw(out.view().data()), FFTW_FORWARD, FFTW_MEASURE);
}

ForwardFft::~ForwardFft() {
  const std::scoped_lock lock(fftw_lock());
  fftwf_destroy_plan(plan_->handle);
}

void ForwardFft::execute(cf32* in, cf32* out) const noexcept { fftwf_execute_dft(plan_->handle, fftw(in), fftw(out)); }

}  // namespace pado::cpu
