// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/gold_sequence.h"

#include <array>

namespace pado {

namespace {

// A state is 31 consecutive bits of a sequence, the first one lowest. The sequences of TS 38.211, 5.2.1, are
// x1(n+31) = x1(n+3) + x1(n) and x2(n+31) = x2(n+3) + x2(n+2) + x2(n+1) + x2(n). With x for one step, x^31 equals a
// polynomial of degree 3, whose terms are these bits:
constexpr std::uint64_t kTerms1 = 0b1001;
constexpr std::uint64_t kTerms2 = 0b1111;
constexpr std::uint64_t kOffset = 1600;              // N_C
constexpr std::uint64_t kPeriod = (1ULL << 31) - 1;  // of both

// The sum of bits n, n + 1, ... shifted by each term.
constexpr std::uint64_t add_terms(std::uint64_t bits, std::uint64_t terms) {
  std::uint64_t sum = 0;
  for (int term = 0; term < 4; ++term) sum ^= (bits >> term) & (0 - ((terms >> term) & 1));
  return sum;
}

constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b, std::uint64_t terms) {
  std::uint64_t product = 0;
  for (int bit = 0; bit < 31; ++bit) product ^= (a << bit) & (0 - ((b >> bit) & 1));
  for (int fold = 0; fold < 2; ++fold) {  // the second one takes the three bits that the first lifts above x^30
    const std::uint64_t high = product >> 31;
    product &= kPeriod;
    for (int term = 0; term < 4; ++term) product ^= (high << term) & (0 - ((terms >> term) & 1));
  }
  return product;
}

// x^(2^k) modulo the polynomial.
constexpr std::array<std::uint64_t, 31> doublings(std::uint64_t terms) {
  std::array<std::uint64_t, 31> powers{};
  powers[0] = 2;
  for (std::size_t k = 1; k < powers.size(); ++k) powers[k] = multiply(powers[k - 1], powers[k - 1], terms);
  return powers;
}

struct Sequence {
  std::uint64_t terms;
  std::array<std::uint64_t, 31> powers;
};
constexpr Sequence kSequence1{kTerms1, doublings(kTerms1)};
constexpr Sequence kSequence2{kTerms2, doublings(kTerms2)};

// x^steps modulo the polynomial; the first steps come from a constant.
constexpr std::uint64_t power(std::uint64_t steps, std::uint64_t from, const Sequence& sequence) {
  for (std::size_t k = 0; steps != 0; ++k, steps >>= 1) {
    if (steps & 1) from = multiply(from, sequence.powers[k], sequence.terms);
  }
  return from;
}
constexpr std::uint64_t kOffsetPower1 = power(kOffset, 1, kSequence1);
constexpr std::uint64_t kOffsetPower2 = power(kOffset, 1, kSequence2);

// The 64 bits that begin with a state.
constexpr std::uint64_t extend(std::uint64_t state, std::uint64_t terms) {
  state |= (add_terms(state, terms) & ((1ULL << 28) - 1)) << 31;
  return state | (add_terms(state >> 28, terms) & 0b11111) << 59;
}

// The 64 bits from `ahead` (a power of x) on: its terms select the shifted copies that add up.
constexpr std::uint64_t advance(std::uint64_t state, std::uint64_t ahead, std::uint64_t terms) {
  const std::uint64_t bits = extend(state & kPeriod, terms);
  std::uint64_t moved = 0;
  for (int j = 0; j < 31; ++j) moved ^= (bits >> j) & (0 - ((ahead >> j) & 1));
  return extend(moved & kPeriod, terms);
}

}  // namespace

void fill_gold_sequence(std::uint32_t seed, std::uint64_t first_bit, std::span<std::uint32_t> words) noexcept {
  const std::uint64_t steps = first_bit % kPeriod;
  std::uint64_t x1 = advance(1, power(steps, kOffsetPower1, kSequence1), kTerms1);
  std::uint64_t x2 = advance(seed, power(steps, kOffsetPower2, kSequence2), kTerms2);
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
