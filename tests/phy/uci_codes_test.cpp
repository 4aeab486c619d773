// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0

// The codes of control information: small blocks against every word there is, polar codes against their own definition.
#include <bit>
#include <cmath>

#include "phy/nr/block_code.h"
#include "phy/nr/error.h"
#include "phy/nr/polar_code.h"
#include "phy/propagation/random_stream.h"
#include "phy/uci/decode_block.h"
#include "phy/uci/encode.h"
#include "phy/uci/polar_decoder.h"
#include "tests/catch.h"

using namespace pado;
using Bits = std::vector<std::uint8_t>;

namespace {

Bits random_bits(propagation::RandomStream& random, int count) {
  Bits bits(static_cast<std::size_t>(count));
  for (auto& bit : bits) bit = static_cast<std::uint8_t>(random.bits() >> 63);
  return bits;
}

/// Soft bits of BPSK, 4 steps a unit of LLR.
std::vector<std::int8_t> received(propagation::RandomStream& random, const Bits& sent, double noise_power) {
  std::vector<std::int8_t> llrs;
  for (const std::uint8_t bit : sent) {
    const double x = (bit != 0 ? -1 : 1) + std::sqrt(2 * noise_power) * random.gaussian().real();
    llrs.push_back(static_cast<std::int8_t>(std::lround(std::clamp(8 * x / noise_power, -127.0, 127.0))));
  }
  return llrs;
}

long correlation(const std::vector<std::int8_t>& llrs, const Bits& word) {
  long sum = 0;
  for (std::size_t i = 0; i < llrs.size(); ++i) sum += word[i] == 0 ? llrs[i] : -llrs[i];
  return sum;
}

/// Information bits with their check.
Bits checked(propagation::RandomStream& random, const nr::PolarSegmentation& s) {
  Bits bits = random_bits(random, s.block_payload_bits);
  const std::uint32_t crc = uci::crc_remainder(s.crc, bits);
  for (int i = s.crc.bits - 1; i >= 0; --i) bits.push_back(crc >> i & 1);
  return bits;
}

std::vector<float> mother_llrs(const nr::PolarCode& code, const std::vector<std::int8_t>& llrs) {
  std::vector<float> mother(static_cast<std::size_t>(code.size), 0.0F);
  for (std::size_t i = 0; i < llrs.size(); ++i) mother[code.sent[i]] += llrs[i];
  for (const std::uint16_t index : code.shortened) mother[index] = 1e6F;
  return mother;
}

}  // namespace

TEST_CASE("block code: the minimum distances of the table", "[nr][uci]") {
  constexpr std::array<int, 12> kDistances{0, 0, 0, 16, 16, 16, 16, 12, 12, 12, 12, 10};
  for (int count = 3; count <= 11; ++count) {
    int least = 32;
    for (int word = 1; word < 1 << count; ++word) {
      int weight = 0;
      for (int i = 0; i < 32; ++i)
        weight += std::popcount(nr::kBlockCodeRows[i] & static_cast<unsigned>(word << (11 - count))) & 1;
      least = std::min(least, weight);
    }
    CHECK(least == kDistances[static_cast<std::size_t>(count)]);
  }
}

TEST_CASE("block code: the decoder finds the most likely of all words", "[uci]") {
  propagation::RandomStream random(3, 1);
  for (int count = 1; count <= 11; ++count) {
    for (const int per_symbol : {2, 4, 6}) {
      for (int trial = 0; trial < 6; ++trial) {
        const Bits bits = random_bits(random, count);
        const int coded = per_symbol * (count < 3 ? 6 : 7 + trial);
        Bits sent = uci::encode(bits, coded, per_symbol);
        for (std::size_t i = 0; i < sent.size(); ++i)
          sent[i] = sent[i] == uci::kOne ? 1 : sent[i] == uci::kRepeat ? sent[i - 1] : sent[i];
        const auto llrs = received(random, sent, 6);
        Bits decoded(bits.size());
        uci::decode_block(llrs, per_symbol, decoded);
        long best = -1'000'000;
        for (int word = 0; word < 1 << count; ++word) {
          Bits candidate(bits.size());
          for (int k = 0; k < count; ++k) candidate[static_cast<std::size_t>(k)] = word >> k & 1;
          Bits coded_word = uci::encode(candidate, coded, per_symbol);
          for (std::size_t i = 0; i < coded_word.size(); ++i)
            coded_word[i] = coded_word[i] == uci::kOne      ? 1
                            : coded_word[i] == uci::kRepeat ? coded_word[i - 1]
                                                            : coded_word[i];
          best = std::max(best, correlation(llrs, coded_word));
        }
        Bits again = uci::encode(decoded, coded, per_symbol);
        for (std::size_t i = 0; i < again.size(); ++i)
          again[i] = again[i] == uci::kOne ? 1 : again[i] == uci::kRepeat ? again[i - 1] : again[i];
        INFO(count << " bits, " << coded << " coded, trial " << trial);
        CHECK(correlation(llrs, again) == best);
      }
    }
  }
}

TEST_CASE("polar code: the sequence orders all bits, and one more one in an index makes it stronger", "[nr][uci]") {
  std::array<int, nr::kMaxPolarBits> rank{};
  rank.fill(-1);
  for (int i = 0; i < nr::kMaxPolarBits; ++i) rank[nr::kPolarSequence[static_cast<std::size_t>(i)]] = i;
  CHECK(std::ranges::all_of(rank, [](int r) { return r >= 0; }));
  for (unsigned a = 0; a < nr::kMaxPolarBits; ++a) {
    for (unsigned bit = 1; bit < nr::kMaxPolarBits; bit *= 2) {
      if ((a & bit) == 0) CHECK(rank[a] < rank[a | bit]);
    }
  }
}

TEST_CASE("polar code: short blocks in many coded bits have a parity bit on the row 252 or 248", "[nr][uci]") {
  for (int k = 18; k <= 25; ++k) {  // what another implementation holds as a table
    for (const int coded : {k + 190, 500, 8192}) {
      const nr::PolarCode code = nr::polar_code(k, coded, 3, 1);
      CHECK(code.size == 256);
      CHECK(std::ranges::count(code.inputs, nr::PolarBit::parity) == 3);
      CHECK(code.inputs[k <= 21 ? 252 : 248] == nr::PolarBit::parity);
    }
  }
}

TEST_CASE("polar code: every size decodes without noise", "[uci]") {
  propagation::RandomStream random(5, 1);
  uci::PolarDecoder decoder;
  int codes = 0;
  for (int bits = 12; bits <= 1706; bits += 1 + bits / 12) {
    for (const double rate : {0.05, 0.2, 0.45, 0.6, 0.9}) {
      const int coded = static_cast<int>(bits / rate);
      const auto s = nr::polar_segmentation(bits, coded);
      INFO(bits << " bits in " << coded);
      nr::PolarCode code;
      try {
        code = nr::polar_code(s);
      } catch (const Error&) {
        continue;  // K + n_PC is more than the coded bits, or than the mother code
      }
      const Bits information = checked(random, s);
      const auto llrs = received(random, uci::encode_polar(code, information), 0.05);
      Bits decoded(information.size());
      CHECK(decoder.decode(code, uci::polar_tree(code), s.crc, mother_llrs(code, llrs), decoded));
      CHECK(decoded == information);
      ++codes;
    }
  }
  CHECK(codes > 150);
}

TEST_CASE("polar decoder: nodes decoded at once give what bit by bit gives", "[uci]") {
  propagation::RandomStream random(7, 1);
  uci::PolarDecoder decoder;
  int wrong = 0;
  for (int trial = 0; trial < 240; ++trial) {
    const int bits = 20 + trial * 7 % 300;
    const auto s = nr::polar_segmentation(bits, (bits + 11) * (trial % 3 + 2) * 2 / 3);
    const nr::PolarCode code = nr::polar_code(s);
    const auto tree = uci::polar_tree(code);
    auto plain = tree;
    for (std::size_t node = 1; node < plain.size(); ++node) {
      const bool leaf = node >= plain.size() / 2;
      plain[node] = leaf && code.inputs[node - plain.size() / 2] == nr::PolarBit::frozen ? uci::PolarNode::frozen
                                                                                         : uci::PolarNode::mixed;
    }
    const Bits information = checked(random, s);
    const double noise = std::pow(10.0, -(trial % 8) / 10.0);
    const auto mother = mother_llrs(code, received(random, uci::encode_polar(code, information), noise));
    Bits fast(information.size()), slow(information.size());
    const bool fast_ok = decoder.decode(code, tree, s.crc, mother, fast);
    const bool slow_ok = decoder.decode(code, plain, s.crc, mother, slow);
    INFO(bits << " bits, trial " << trial);
    CHECK(fast_ok == slow_ok);
    if (slow_ok) CHECK(fast == slow);
    if (slow != information) ++wrong;
  }
  CHECK(wrong > 20);  // at noise where paths compete
  CHECK(wrong < 200);
}
