// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// What receive beamforming reads, a vector of groups at a time. Part of sources that are compiled once for each
// instruction set; therefore included again for each, behind Highway's header.
#if defined(PADO_KERNELS_CPU_GROUP_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PADO_KERNELS_CPU_GROUP_VECTOR_INL_H_
#undef PADO_KERNELS_CPU_GROUP_VECTOR_INL_H_
#else
#define PADO_KERNELS_CPU_GROUP_VECTOR_INL_H_
#endif

#include "kernels/cpu/complex_vector-inl.h"
#include "kernels/receive_beamforming.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The channel at the centres of Lanes groups from `group` on: the mean of each group's two middle subcarriers.
HWY_INLINE C group_centres(const cf32* row, int group) {
  const D d;
  const hn::Repartition<std::uint64_t, D> d64;
  const std::size_t half = hn::Lanes(d64);  // groups a load brings
  const auto* p = reinterpret_cast<const std::uint64_t*>(row + static_cast<std::ptrdiff_t>(kGroupSubcarriers) * group);
  hn::Vec<decltype(d64)> a0, a1, a2, a3, b0, b1, b2, b3;
  hn::LoadInterleaved4(d64, p, a0, a1, a2, a3);
  hn::LoadInterleaved4(d64, p + 4 * half, b0, b1, b2, b3);
  const V low = hn::Mul(hn::Set(d, 0.5F), hn::Add(hn::BitCast(d, a1), hn::BitCast(d, a2)));
  const V high = hn::Mul(hn::Set(d, 0.5F), hn::Add(hn::BitCast(d, b1), hn::BitCast(d, b2)));
  return {hn::ConcatEven(d, high, low), hn::ConcatOdd(d, high, low)};
}

// The covariance of the PRBs of Lanes groups from `group` on: 3 groups a PRB.
HWY_INLINE C spread_prbs(const cf32* row, int group) {
  const D d;
  HWY_ALIGN float re[hn::MaxLanes(D())], im[hn::MaxLanes(D())];
  for (int i = 0; i < static_cast<int>(hn::Lanes(d)); ++i) {
    const cf32 x = row[(group + i) / 3];
    re[i] = x.re;
    im[i] = x.im;
  }
  return {hn::Load(d, re), hn::Load(d, im)};
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
