// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// Complex numbers a vector at a time, and the choice of a kernel's instance by its size. Part of a source that is
// compiled once for each instruction set; therefore included again for each, behind Highway's header.
#if defined(PADO_KERNELS_CPU_COMPLEX_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PADO_KERNELS_CPU_COMPLEX_VECTOR_INL_H_
#undef PADO_KERNELS_CPU_COMPLEX_VECTOR_INL_H_
#else
#define PADO_KERNELS_CPU_COMPLEX_VECTOR_INL_H_
#endif

#include <hwy/highway.h>

#include "kernels/complex.h"

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct C {
  V re, im;
};

HWY_INLINE C operator*(C a, C b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)), hn::MulAdd(a.im, b.re, hn::Mul(a.re, b.im))};
}
HWY_INLINE C multiply_add(C a, C b, C sum) {  // sum + a b
  return {hn::NegMulAdd(a.im, b.im, hn::MulAdd(a.re, b.re, sum.re)),
          hn::MulAdd(a.im, b.re, hn::MulAdd(a.re, b.im, sum.im))};
}
HWY_INLINE C multiply_subtract(C a, C b, C sum) {  // sum - a b
  return {hn::MulAdd(a.im, b.im, hn::NegMulAdd(a.re, b.re, sum.re)),
          hn::NegMulAdd(a.im, b.re, hn::NegMulAdd(a.re, b.im, sum.im))};
}
HWY_INLINE C conjugate(C a) { return {a.re, hn::Neg(a.im)}; }
HWY_INLINE C scaled(V s, C a) { return {hn::Mul(s, a.re), hn::Mul(s, a.im)}; }
HWY_INLINE V squared(C a) { return hn::MulAdd(a.re, a.re, hn::Mul(a.im, a.im)); }
HWY_INLINE C broadcast(cf32 x) { return {hn::Set(D(), x.re), hn::Set(D(), x.im)}; }
HWY_INLINE C load(const cf32* p) {
  C x;
  hn::LoadInterleaved2(D(), &p->re, x.re, x.im);
  return x;
}

/// Calls f.template operator()<antennas, layers>() for the sizes that have an instance: 1 to 4 antennas, 1 or 2 layers,
/// no more layers than antennas. Others take another way (has_instance).
template <class F>
HWY_INLINE void for_size(int antennas, int layers, F&& f) {
  switch (10 * antennas + layers) {
    case 11:
      return f.template operator()<1, 1>();
    case 21:
      return f.template operator()<2, 1>();
    case 22:
      return f.template operator()<2, 2>();
    case 31:
      return f.template operator()<3, 1>();
    case 32:
      return f.template operator()<3, 2>();
    case 41:
      return f.template operator()<4, 1>();
    case 42:
      return f.template operator()<4, 2>();
    default:
      return;
  }
}

}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
