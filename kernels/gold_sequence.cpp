// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/gold_sequence.h"

#include <array>

namespace pado {

namespace {

// A state is 31 consecutive bits of a sequence, the first one lowest. The sequences of TS 38.211, 5.2.1, are
// x1(n+31) = x1(n+3) + x1(n) and x2(n+31) = x2(n+3) + x2(n+2) + x2(n+1) + x2(n); as polynomials with x for one step:
constexpr std::uint64_t kPolynomial1 = (1ULL << 31) | 0b1001;
constexpr std::uint64_t kPolynomial2 = (1ULL << 31) | 0b1111;
constexpr std::uint64_t kOffset = 1600;              // N_C
constexpr std::uint64_t kPeriod = (1ULL << 31) - 1;  // of both

constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t polynomial) {
  std::uint64_t product = 0;
  for (int bit = 0; bit < 31; ++bit) product ^= (a << bit) & (0 - ((b >> bit) & 1));
  for (int bit = 60; bit >= 31; --bit) product ^= (polynomial << (bit - 31)) & (0 - ((product >> bit) & 1));
  return product;
}

// x^(2^k) modulo the polynomial.
constexpr std::array<std::uint64_t, 31> doublings(std::uint64_t polynomial) {
  std::array<std::uint64_t, 31> powers{};
  powers[0] = 2;
  for (std::size_t k = 1; k < powers.size(); ++k) powers[k] = multiply(powers[k - 1], powers[k - 1], polynomial);
  return powers;
}

struct Sequence {
  std::uint64_t polynomial;
  std::array<std::uint64_t, 31> powers;
};
constexpr Sequence kSequence1{kPolynomial1, doublings(kPolynomial1)};
constexpr Sequence kSequence2{kPolynomial2, doublings(kPolynomial2)};

// x^steps modulo the polynomial; the first steps come from a constant.
constexpr std::uint64_t power(std::uint64_t steps, std::uint64_t from, const Sequence& sequence) {
  for (std::size_t k = 0; steps != 0; ++k, steps >>= 1) {
    if (steps & 1) from = multiply(from, sequence.powers[k], sequence.polynomial);
  }
  return from;
}
constexpr std::uint64_t kOffsetPower1 = power(kOffset, 1, kSequence1);
constexpr std::uint64_t kOffsetPower2 = power(kOffset, 1, kSequence2);

// The 64 bits that follow a state.
constexpr std::uint64_t extend(std::uint64_t state, std::uint64_t polynomial) {
  for (int n = 0; n + 31 < 64; ++n) {
    const auto next = static_cast<std::uint64_t>(__builtin_parityll((state >> n) & (polynomial & kPeriod)));
    state |= next << (n + 31);
  }
  return state;
}

// The 64 bits from `ahead` (a power of x) on: its terms select the shifted copies that add up.
constexpr std::uint64_t advance(std::uint64_t state, std::uint64_t ahead, std::uint64_t polynomial) {
  const std::uint64_t bits = extend(state & kPeriod, polynomial);
  std::uint64_t moved = 0;
  for (int j = 0; j < 31; ++j) moved ^= (bits >> j) & (0 - ((ahead >> j) & 1));
  return extend(moved & kPeriod, polynomial);
}

}  // namespace

void fill_gold_sequence(std::uint32_t seed, std::uint64_t first_bit, std::span<std::uint32_t> words) noexcept {
  const std::uint64_t steps = first_bit % kPeriod;
  std::uint64_t x1 = advance(1, power(steps, kOffsetPower1, kSequence1), kPolynomial1);
  std::uint64_t x2 = advance(seed, power(steps, kOffsetPower2, kSequence2), kPolynomial2);
  for (std::uint32_t& word : words) {
    word = static_cast<std::uint32_t>(x1 ^ x2);
    // Squared polynomials have the same roots: x1(n+62) = x1(n+6) + x1(n), so 32 new bits need nothing newer than 64.
    const std::uint64_t next1 = (x1 >> 8) ^ (x1 >> 2);
    const std::uint64_t next2 = (x2 >> 8) ^ (x2 >> 6) ^ (x2 >> 4) ^ (x2 >> 2);
    x1 = (x1 >> 32) | (next1 << 32);
    x2 = (x2 >> 32) | (next2 << 32);
  }
}

}  // namespace pado
