// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Three steps: symbols without their prefixes are packed one behind the other, widened and turned back by the CFO; one
// batch of cuFFT in place; the subcarriers are picked and phase-compensated. Neighbouring threads touch neighbouring
// samples throughout, so each step runs at the speed of memory. cuFFT could widen and pick by callbacks, which tie the
// build to one version of a static library.
#include "kernels/cuda/work.h"

namespace pado::PADO_CUDA_NAMESPACE {
namespace {

constexpr int kThreads = 256;

__device__ inline cf32 widen(ci16 x) { return {static_cast<float>(x.re), static_cast<float>(x.im)}; }
__device__ inline cf32 widen(cf32 x) { return x; }

template <class Sample>
__global__ void gather_symbols(const __grid_constant__ OfdmShape shape, DeviceSpan<const Sample> samples,
                               DeviceSpan<cf32> symbols) {
  const int n = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int symbol = shape.first_symbol + static_cast<int>(blockIdx.y);
  const int antenna = static_cast<int>(blockIdx.z);
  if (n >= shape.fft_size) return;
  const int i = shape.symbol_start[symbol] + n;
  cf32 x = widen(samples[static_cast<std::size_t>(antenna) * shape.samples_per_slot + i]);
  if (shape.cfo_cycles_per_sample != 0) x = x * phase_at(-shape.cfo_cycles_per_sample, i);
  symbols[static_cast<std::size_t>(antenna * kSymbolsPerSlot + symbol) * shape.fft_size + n] = x;
}

__global__ void pick_subcarriers(const __grid_constant__ OfdmShape shape, DeviceSpan<const cf32> symbols,
                                 DeviceSpan<cf32> grid) {
  const int k = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const int symbol = shape.first_symbol + static_cast<int>(blockIdx.y);
  if (k >= shape.subcarriers) return;
  const int row = static_cast<int>(blockIdx.z) * kSymbolsPerSlot + symbol;
  const int centred = k - shape.subcarriers / 2;
  const int bin = centred < 0 ? centred + shape.fft_size : centred;
  grid[static_cast<std::size_t>(row) * shape.grid_stride + k] =
      shape.symbol_gain[symbol] * symbols[static_cast<std::size_t>(row) * shape.fft_size + bin];
}

dim3 blocks(int elements, const OfdmShape& shape) {
  return dim3(static_cast<unsigned>((elements + kThreads - 1) / kThreads), static_cast<unsigned>(shape.symbols),
              static_cast<unsigned>(shape.antennas));
}

}  // namespace

void ofdm_demodulate(Backend& on, const OfdmShape& shape, const OfdmArgs<Backend>& args) noexcept {
  Work& work = on.work();
  if (shape.fft_size != on.limits().fft_size || shape.antennas > on.limits().antennas) {
    return work.note_text("ofdm_demodulate", "the backend was made for another FFT size or fewer antennas");
  }
  const DeviceSpan<cf32> symbols = work.symbols.view();
  if (!args.samples_ci16.empty()) {
    launch<gather_symbols<ci16>>(blocks(shape.fft_size, shape), kThreads, 0, work.stream, shape, args.samples_ci16,
                                 symbols);
  } else {
    launch<gather_symbols<cf32>>(blocks(shape.fft_size, shape), kThreads, 0, work.stream, shape, args.samples_cf32,
                                 symbols);
  }
  auto* bins = reinterpret_cast<cufftComplex*>(symbols.data);
  work.note("ofdm_demodulate", cufftExecC2C(work.symbol_fft, bins, bins, CUFFT_FORWARD));
  launch<pick_subcarriers>(blocks(shape.subcarriers, shape), kThreads, 0, work.stream, shape, symbols, args.grid);
  work.check_launch("ofdm_demodulate");
}

}  // namespace pado::PADO_CUDA_NAMESPACE
