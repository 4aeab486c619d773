// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/ceilings.h"

#include <algorithm>
#include <chrono>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/simd.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/ceilings.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kChains = 12;  // more than a unit's latency times its width; with four operands they fill 16 registers

// Each returns the work it did: operations, floating-point operations, bytes.
double byte_operations(int rounds, float* sink) {
  const hn::ScalableTag<std::int8_t> d;
  using V = hn::Vec<decltype(d)>;
  V chain[kChains];
  for (int i = 0; i < kChains; ++i) chain[i] = hn::Set(d, static_cast<std::int8_t>(i));
  const V a = hn::Set(d, static_cast<std::int8_t>(rounds % 50 + 50)), b = hn::Set(d, static_cast<std::int8_t>(-60)),
          c = hn::Set(d, static_cast<std::int8_t>(rounds % 7)), e = hn::Set(d, static_cast<std::int8_t>(0x15));
  for (int round = 0; round < rounds; ++round) {
    for (V& x : chain) x = hn::Min(x, a);
    for (V& x : chain) x = hn::SaturatedAdd(x, c);
    for (V& x : chain) x = hn::Max(x, b);
    for (V& x : chain) x = hn::Xor(x, e);
  }
  for (int i = 1; i < kChains; ++i) chain[0] = hn::Xor(chain[0], chain[i]);
  *sink += hn::GetLane(chain[0]);
  return 4.0 * kChains * static_cast<double>(hn::Lanes(d)) * rounds;
}

double multiply_adds(int rounds, float* sink) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  V chain[kChains];
  for (int i = 0; i < kChains; ++i) chain[i] = hn::Set(d, static_cast<float>(i));
  const V a = hn::Set(d, 0.999F), b = hn::Set(d, 0.5F);
  for (int round = 0; round < rounds; ++round) {
    for (V& x : chain) x = hn::MulAdd(x, a, b);
  }
  for (int i = 1; i < kChains; ++i) chain[0] = hn::Add(chain[0], chain[i]);
  *sink += hn::GetLane(chain[0]);
  return 2.0 * kChains * static_cast<double>(hn::Lanes(d)) * rounds;
}

double copy(int rounds, std::span<float> from, std::span<float> to) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < from.size(); i += lanes) hn::Store(hn::Load(d, &from[i]), d, &to[i]);
    std::swap(from, to);
  }
  return 2.0 * static_cast<double>(from.size_bytes()) * rounds;
}

}  // namespace
}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(byte_operations);
HWY_EXPORT(multiply_adds);
HWY_EXPORT(copy);

template <class Body>
double best_per_ns(Body&& body) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int round = 0; round < 200; ++round) {
    const auto start = Clock::now();
    const double work = body();
    best = std::max(best, work / std::chrono::duration<double, std::nano>(Clock::now() - start).count());
  }
  return best;
}

}  // namespace

Ceilings measure_ceilings() {
  constexpr std::size_t kFloats = 256 * 1024 / sizeof(float);
  const HostBuffer<float> from(kFloats), to(kFloats);
  volatile float kept = 0;
  float sink = 0;
  Ceilings ceilings;
  ceilings.byte_ops_per_ns = best_per_ns([&] { return HWY_DYNAMIC_DISPATCH(byte_operations)(2000, &sink); });
  ceilings.fma_gflops = best_per_ns([&] { return HWY_DYNAMIC_DISPATCH(multiply_adds)(8000, &sink); });
  ceilings.cache_gbytes_per_s = best_per_ns([&] { return HWY_DYNAMIC_DISPATCH(copy)(10, from.view(), to.view()); });
  kept = sink;
  (void)kept;
  return ceilings;
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
