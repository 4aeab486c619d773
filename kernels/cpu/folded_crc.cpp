// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/cpu/folded_crc.h"

#include "kernels/cpu/simd.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/folded_crc.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// A message is a polynomial over GF(2), its first bit the highest power. A block a = a1 x^64 + a0 that lies n bits
// before another is worth a1 (x^(n + 64) mod P) + a0 (x^n mod P) there: two carry-less products of 64 by 32 bits, which
// fit into 128. Four such chains side by side hide the latency; what is left at the end goes through the tables.

HWY_BEFORE_NAMESPACE();
namespace pado::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
const hn::FixedTag<std::uint64_t, 2> kWords;
const hn::FixedTag<std::uint8_t, 16> kBytes;
using Block = hn::Vec<decltype(kWords)>;

HWY_INLINE Block reversed(hn::Vec<decltype(kBytes)> bytes) {
  HWY_ALIGN static constexpr std::uint8_t kOrder[16] = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  return hn::BitCast(kWords, hn::TableLookupBytes(bytes, hn::Load(kBytes, kOrder)));
}

HWY_INLINE Block fold(Block a, Block powers, Block next) {
  return hn::Xor(next, hn::Xor(hn::CLMulLower(a, powers), hn::CLMulUpper(a, powers)));
}

// Takes whole blocks of 64 bytes, at least one, and leaves 16 bytes with the same remainder. Returns the bytes taken, 0
// where there is no such multiplication.
std::size_t fold_blocks(const std::uint8_t* packed, std::size_t bytes, const std::uint64_t* by_128,
                        const std::uint64_t* by_512, std::uint8_t* left) {
#if HWY_ARCH_X86 && HWY_TARGET > HWY_SSE4
  (void)packed, (void)bytes, (void)by_128, (void)by_512, (void)left;
  return 0;
#else
  const Block far = hn::LoadU(kWords, by_512), near = hn::LoadU(kWords, by_128);
  Block chain[4];
  for (int i = 0; i < 4; ++i) chain[i] = reversed(hn::LoadU(kBytes, packed + 16 * i));
  std::size_t at = 64;
  for (; at + 64 <= bytes; at += 64) {
    for (std::size_t i = 0; i < 4; ++i)
      chain[i] = fold(chain[i], far, reversed(hn::LoadU(kBytes, packed + at + 16 * i)));
  }
  for (int i = 1; i < 4; ++i) chain[i] = fold(chain[i - 1], near, chain[i]);
  hn::StoreU(hn::BitCast(kBytes, reversed(hn::BitCast(kBytes, chain[3]))), kBytes, left);
  return at;
#endif
}

}  // namespace
}  // namespace pado::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pado::cpu {
namespace {

HWY_EXPORT(fold_blocks);

// x^power modulo the polynomial, whose register is kept at the top of 32 bits.
std::uint64_t power_of_x(const CrcPolynomial& polynomial, int power) {
  const std::uint32_t top = polynomial.polynomial << (32 - polynomial.bits);
  std::uint32_t reg = 1;
  for (int i = 0; i < power; ++i) reg = (reg << 1) ^ ((reg >> 31) * top);
  return reg;
}

}  // namespace

FoldedCrc::FoldedCrc(CrcPolynomial polynomial) noexcept
    : crc_(polynomial),
      by_128_{power_of_x(polynomial, 128), power_of_x(polynomial, 192)},
      by_512_{power_of_x(polynomial, 512), power_of_x(polynomial, 576)} {}

std::uint32_t FoldedCrc::parity(std::span<const std::uint8_t> packed, std::size_t bits) const noexcept {
  constexpr std::size_t kWorthwhile = 128;
  std::uint8_t left[16];
  const std::size_t taken =
      bits / 8 < kWorthwhile ? 0 : HWY_DYNAMIC_DISPATCH(fold_blocks)(packed.data(), bits / 8, by_128_, by_512_, left);
  if (taken == 0) return crc_.parity(packed, bits);
  return crc_.parity(packed.subspan(taken), bits - 8 * taken, crc_.state(left, sizeof left));
}

}  // namespace pado::cpu
#endif  // HWY_ONCE
