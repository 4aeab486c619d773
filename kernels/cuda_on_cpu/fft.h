// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/cuda_on_cpu/runtime_api.h"

/// The part of cuFFT that the kernels use, on FFTW in single precision.
namespace pado::cuda_on_cpu {

struct alignas(8) float2 {
  float x, y;
};
using cufftComplex = float2;
using cufftHandle = int;

enum cufftResult {
  CUFFT_SUCCESS = 0,
  CUFFT_INVALID_PLAN = 1,
  CUFFT_INVALID_VALUE = 4,
  CUFFT_EXEC_FAILED = 6,
  CUFFT_INVALID_SIZE = 8
};
enum cufftType { CUFFT_C2C = 0x29 };
inline constexpr int CUFFT_FORWARD = -1, CUFFT_INVERSE = 1;

/// Element i of batch b lies at b * dist + i * stride; rank is 1; a null embed means dense batches, as in cuFFT.
cufftResult cufftPlanMany(cufftHandle* plan, int rank, int* n, int* inembed, int istride, int idist, int* onembed,
                          int ostride, int odist, cufftType type, int batch);
cufftResult cufftSetStream(cufftHandle plan, cudaStream_t stream);
cufftResult cufftExecC2C(cufftHandle plan, cufftComplex* in, cufftComplex* out, int direction);
cufftResult cufftDestroy(cufftHandle plan);

}  // namespace pado::cuda_on_cpu
