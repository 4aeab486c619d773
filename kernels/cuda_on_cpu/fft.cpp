// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda_on_cpu/fft.h"

#include <fftw3.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>

#include "kernels/cuda_on_cpu/memory.h"
#include "kernels/fftw_lock.h"

namespace pado::cuda_on_cpu {
namespace {

struct Layout {
  int stride = 1, dist = 0;
  [[nodiscard]] std::size_t elements(int n, int batch) const {
    return std::size_t(n - 1) * stride + std::size_t(batch - 1) * dist + 1;
  }
};

class Plan {
 public:
  // FFTW wants to know at planning whether a transform is in place, and its direction: all four are made.
  Plan(int n, Layout in, Layout out, int batch) : n_(n), batch_(batch), in_(in), out_(out) {
    const std::size_t elements = std::max(in.elements(n, batch), out.elements(n, batch));
    const std::lock_guard lock(fftw_lock());
    const std::unique_ptr<fftwf_complex[]> a(new fftwf_complex[elements]), b(new fftwf_complex[elements]);
    for (int i = 0; i < 4; ++i) {
      fftwf_complex* to = in_place(i) ? a.get() : b.get();
      if (in_place(i) && (in.stride != out.stride || in.dist != out.dist)) continue;
      plans_[i] =
          fftwf_plan_many_dft(1, &n, batch, a.get(), nullptr, in.stride, in.dist, to, nullptr, out.stride, out.dist,
                              i % 2 == 0 ? FFTW_FORWARD : FFTW_BACKWARD, FFTW_ESTIMATE | FFTW_UNALIGNED);
    }
  }
  ~Plan() {
    const std::lock_guard lock(fftw_lock());
    for (fftwf_plan plan : plans_) {
      if (plan != nullptr) fftwf_destroy_plan(plan);
    }
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  [[nodiscard]] bool reaches_no_further_than_memory(const cufftComplex* in, const cufftComplex* out) const {
    return memory_kind(in, in_.elements(n_, batch_) * sizeof(cufftComplex)) == MemoryKind::device &&
           memory_kind(out, out_.elements(n_, batch_) * sizeof(cufftComplex)) == MemoryKind::device;
  }
  [[nodiscard]] fftwf_plan find(bool same, int direction) const {
    return plans_[(same ? 2 : 0) + (direction == CUFFT_FORWARD ? 0 : 1)];
  }

  cudaStream_t stream = nullptr;

 private:
  static bool in_place(int i) { return i >= 2; }
  int n_, batch_;
  Layout in_, out_;
  std::array<fftwf_plan, 4> plans_{};  // [out of place, in place][forward, inverse]
};

struct Plans {
  std::mutex mutex;
  std::map<cufftHandle, std::shared_ptr<Plan>> all;
  cufftHandle next = 1;
};

Plans& plans() {
  static Plans instance;
  return instance;
}

std::shared_ptr<Plan> find_plan(cufftHandle handle) {
  const std::lock_guard lock(plans().mutex);
  const auto found = plans().all.find(handle);
  return found == plans().all.end() ? nullptr : found->second;
}

}  // namespace

cufftResult cufftPlanMany(cufftHandle* plan, int rank, int* n, int* inembed, int istride, int idist, int* onembed,
                          int ostride, int odist, cufftType, int batch) {
  if (rank != 1 || n[0] < 1 || batch < 1) return CUFFT_INVALID_SIZE;
  const Layout in = inembed == nullptr ? Layout{1, n[0]} : Layout{istride, idist};
  const Layout out = onembed == nullptr ? Layout{1, n[0]} : Layout{ostride, odist};
  if (in.stride < 1 || in.dist < 0 || out.stride < 1 || out.dist < 0) return CUFFT_INVALID_VALUE;
  const std::lock_guard lock(plans().mutex);
  *plan = plans().next++;
  plans().all[*plan] = std::make_shared<Plan>(n[0], in, out, batch);
  return CUFFT_SUCCESS;
}

cufftResult cufftSetStream(cufftHandle handle, cudaStream_t stream) {
  const auto plan = find_plan(handle);
  if (plan == nullptr) return CUFFT_INVALID_PLAN;
  plan->stream = stream;
  return CUFFT_SUCCESS;
}

cufftResult cufftExecC2C(cufftHandle handle, cufftComplex* in, cufftComplex* out, int direction) {
  const auto plan = find_plan(handle);
  if (plan == nullptr) return CUFFT_INVALID_PLAN;
  if (direction != CUFFT_FORWARD && direction != CUFFT_INVERSE) return CUFFT_INVALID_VALUE;
  if (!plan->reaches_no_further_than_memory(in, out)) return CUFFT_EXEC_FAILED;
  fftwf_plan transform = plan->find(in == out, direction);
  if (transform == nullptr) return CUFFT_EXEC_FAILED;
  enqueue(plan->stream, "cufftExecC2C", [=] {  // keeps the plan until it has run
    fftwf_execute_dft(plan->find(in == out, direction), reinterpret_cast<fftwf_complex*>(in),
                      reinterpret_cast<fftwf_complex*>(out));
  });
  return CUFFT_SUCCESS;
}

cufftResult cufftDestroy(cufftHandle handle) {
  const std::lock_guard lock(plans().mutex);
  return plans().all.erase(handle) == 1 ? CUFFT_SUCCESS : CUFFT_INVALID_PLAN;
}

}  // namespace pado::cuda_on_cpu
