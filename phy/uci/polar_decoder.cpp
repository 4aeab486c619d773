// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/uci/polar_decoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "phy/uci/encode.h"

namespace pado::uci {
namespace {

constexpr std::uint32_t kSign = 0x80000000U;

// Of the left child: min-sum of both halves.
void check_node(const float* a, const float* b, int count, float* out) noexcept {
  for (int i = 0; i < count; ++i) {
    const auto sign = (std::bit_cast<std::uint32_t>(a[i]) ^ std::bit_cast<std::uint32_t>(b[i])) & kSign;
    const float magnitude = std::min(std::fabs(a[i]), std::fabs(b[i]));
    out[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
  }
}

// Of the right child, with the left one's bits.
void variable_node(const float* a, const float* b, const std::uint8_t* left, int count, float* out) noexcept {
  for (int i = 0; i < count; ++i) {
    const auto sign = static_cast<std::uint32_t>(left[i]) << 31;
    out[i] = b[i] + std::bit_cast<float>(std::bit_cast<std::uint32_t>(a[i]) ^ sign);
  }
}

// What a path pays for zeros, and for ones, against the soft bits.
struct Penalties {
  float zeros = 0, ones = 0;
};
Penalties penalties(const float* llrs, int count) noexcept {
  Penalties sum;
  for (int i = 0; i < count; ++i) {
    sum.zeros += std::max(-llrs[i], 0.0F);
    sum.ones += std::max(llrs[i], 0.0F);
  }
  return sum;
}

}  // namespace

std::vector<PolarNode> polar_tree(const nr::PolarCode& code) {
  const auto size = static_cast<std::size_t>(code.size);
  const bool has_parity = std::ranges::count(code.inputs, nr::PolarBit::parity) != 0;
  std::vector<PolarNode> tree(2 * size, PolarNode::mixed);
  for (std::size_t i = 0; i < size; ++i)
    tree[size + i] = code.inputs[i] == nr::PolarBit::frozen ? PolarNode::frozen : PolarNode::mixed;
  if (!has_parity)
    for (std::size_t i = 0; i < size; ++i)
      if (tree[size + i] == PolarNode::mixed) tree[size + i] = PolarNode::information;
  for (std::size_t node = size - 1; node >= 1; --node) {
    const PolarNode left = tree[2 * node], right = tree[2 * node + 1];
    const bool right_is_bit = node >= size / 2 && right == PolarNode::information;
    if (left == right && (left == PolarNode::frozen || left == PolarNode::information)) {
      tree[node] = left;
    } else if (left == PolarNode::frozen && (right_is_bit || right == PolarNode::repetition)) {
      tree[node] = PolarNode::repetition;
    }
  }
  return tree;
}

PolarDecoder::PolarDecoder()
    : llrs_(static_cast<std::size_t>(kPaths) * ((1U << kLevels) - 1)), word_(nr::kMaxPolarBits) {
  for (auto& side : bits_) side.resize(static_cast<std::size_t>(kPaths) * ((1U << kLevels) - 1));
}

bool PolarDecoder::decode(const nr::PolarCode& code, std::span<const PolarNode> tree, nr::CrcGenerator crc,
                          std::span<const float> llrs_in, std::span<std::uint8_t> information) noexcept {
  code_ = &code;
  tree_ = tree;
  count_ = 1;
  paths_ = {};
  const int level = std::countr_zero(static_cast<unsigned>(code.size));
  std::ranges::copy(llrs_in, llrs(level, 0));
  decode_node(level, 1, false);
  return choose(crc, information);
}

void PolarDecoder::decode_node(int level, int node, bool right) noexcept {
  switch (tree_[static_cast<std::size_t>(node)]) {
    case PolarNode::frozen:
      return decode_frozen(level, right);
    case PolarNode::information:
      return decode_information(level, right);
    case PolarNode::repetition:
      return decode_repetition(level, right);
    case PolarNode::mixed:
      break;
  }
  if (level == 0) return decode_leaf(node, right);
  const int half = 1 << (level - 1), below = level - 1;
  for (int p = 0; p < count_; ++p) {
    const float* in = llrs_of(p, level);
    check_node(in, in + half, half, llrs(below, p));
  }
  for (int p = 0; p < count_; ++p) paths_[p].llr_slot[below] = static_cast<std::uint8_t>(p);
  decode_node(below, 2 * node, false);
  for (int p = 0; p < count_; ++p) {
    const float* in = llrs_of(p, level);
    variable_node(in, in + half, bits(false, below, paths_[p].left_slot[below]), half, llrs(below, p));
  }
  for (int p = 0; p < count_; ++p) paths_[p].llr_slot[below] = static_cast<std::uint8_t>(p);
  decode_node(below, 2 * node + 1, true);
  combine(level, right);
}

// A node's bits from its children's.
void PolarDecoder::combine(int level, bool right) noexcept {
  const int half = 1 << (level - 1);
  for (int p = 0; p < count_; ++p) {
    const std::uint8_t* left_bits = bits(false, level - 1, paths_[p].left_slot[level - 1]);
    const std::uint8_t* right_bits = bits(true, level - 1, p);
    std::uint8_t* out = bits(right, level, p);
    for (int i = 0; i < half; ++i) out[i] = left_bits[i] ^ right_bits[i];
    std::memcpy(out + half, right_bits, static_cast<std::size_t>(half));
  }
  finish(level, right);
}

// A left node's bits wait until its sibling is decoded, while paths come and go.
void PolarDecoder::finish(int level, bool right) noexcept {
  if (right) return;
  for (int p = 0; p < count_; ++p) paths_[p].left_slot[level] = static_cast<std::uint8_t>(p);
}

void PolarDecoder::decode_frozen(int level, bool right) noexcept {
  for (int p = 0; p < count_; ++p) {
    paths_[p].metric += penalties(llrs_of(p, level), 1 << level).zeros;
    std::memset(bits(right, level, p), 0, std::size_t{1} << level);
  }
  finish(level, right);
}

void PolarDecoder::decode_leaf(int node, bool right) noexcept {
  const int index = node - code_->size;
  const auto place = static_cast<unsigned>(index % 5);
  if (code_->inputs[static_cast<std::size_t>(index)] == nr::PolarBit::parity) {
    for (int p = 0; p < count_; ++p) {
      const auto bit = static_cast<std::uint8_t>(paths_[p].register_bits >> place & 1);
      const Penalties penalty = penalties(llrs_of(p, 0), 1);
      paths_[p].metric += bit != 0 ? penalty.ones : penalty.zeros;
      *bits(right, 0, p) = bit;
    }
    return finish(0, right);
  }
  std::array<float, kPaths> zeros{}, ones{};
  for (int p = 0; p < count_; ++p) {
    const Penalties penalty = penalties(llrs_of(p, 0), 1);
    zeros[p] = penalty.zeros, ones[p] = penalty.ones;
  }
  split(zeros, ones);
  for (int p = 0; p < count_; ++p) {
    *bits(right, 0, p) = chosen_[p];
    paths_[p].register_bits = static_cast<std::uint8_t>(paths_[p].register_bits ^ chosen_[p] << place);
  }
  finish(0, right);
}

void PolarDecoder::decode_repetition(int level, bool right) noexcept {
  std::array<float, kPaths> zeros{}, ones{};
  for (int p = 0; p < count_; ++p) {
    const Penalties penalty = penalties(llrs_of(p, level), 1 << level);
    zeros[p] = penalty.zeros, ones[p] = penalty.ones;
  }
  split(zeros, ones);
  for (int p = 0; p < count_; ++p) std::memset(bits(right, level, p), chosen_[p], std::size_t{1} << level);
  finish(level, right);
}

// Hard decisions, and paths that differ from them in the least reliable bits: with eight paths no more than seven bits
// matter.
void PolarDecoder::decode_information(int level, bool right) noexcept {
  const int size = 1 << level, batch = std::min(size, kBatch);
  std::array<std::array<std::uint16_t, kBatch>, kPaths> least{};
  std::array<std::array<float, kBatch>, kPaths> magnitudes{};
  for (int p = 0; p < count_; ++p) {
    const float* in = llrs_of(p, level);
    int kept = 0;
    for (int i = 0; i < size; ++i) {
      const float magnitude = std::fabs(in[i]);
      if (kept == batch && magnitude >= magnitudes[p][batch - 1]) continue;
      int at = kept < batch ? kept++ : batch - 1;
      for (; at > 0 && magnitudes[p][at - 1] > magnitude; --at) {
        magnitudes[p][at] = magnitudes[p][at - 1];
        least[p][at] = least[p][at - 1];
      }
      magnitudes[p][at] = magnitude;
      least[p][at] = static_cast<std::uint16_t>(i);
    }
    paths_[p].origin = static_cast<std::uint8_t>(p);
    paths_[p].flips = 0;
  }
  for (int k = 0; k < batch; ++k) {
    std::array<float, kPaths> flip{};
    for (int p = 0; p < count_; ++p) flip[p] = magnitudes[paths_[p].origin][k];
    split({}, flip);
    for (int p = 0; p < count_; ++p) paths_[p].flips = static_cast<std::uint8_t>(paths_[p].flips | chosen_[p] << k);
  }
  for (int p = 0; p < count_; ++p) {
    const float* in = llrs_of(p, level);
    std::uint8_t* out = bits(right, level, p);
    for (int i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(in[i]) >> 31);
    for (int k = 0; k < batch; ++k)
      if ((paths_[p].flips >> k & 1) != 0) out[least[paths_[p].origin][k]] ^= 1;
  }
  finish(level, right);
}

// Each path goes on with choice 0 and with choice 1; the best kPaths stay.
void PolarDecoder::split(const std::array<float, kPaths>& penalty0,
                         const std::array<float, kPaths>& penalty1) noexcept {
  std::array<Candidate, kPaths> candidates{};
  int kept = 0;
  for (int p = 0; p < count_; ++p) {
    for (std::uint8_t choice = 0; choice < 2; ++choice) {
      const float metric = paths_[p].metric + (choice == 0 ? penalty0 : penalty1)[p];
      if (kept == kPaths && metric >= candidates[kPaths - 1].metric) continue;
      int at = kept < kPaths ? kept++ : kPaths - 1;
      for (; at > 0 && candidates[at - 1].metric > metric; --at) candidates[at] = candidates[at - 1];
      candidates[at] = {metric, static_cast<std::uint8_t>(p), choice};
    }
  }
  for (int i = 0; i < kept; ++i) {
    next_[i] = paths_[candidates[i].path];
    next_[i].metric = candidates[i].metric;
    chosen_[i] = candidates[i].choice;
  }
  std::swap(paths_, next_);
  count_ = kept;
}

bool PolarDecoder::choose(nr::CrcGenerator crc, std::span<std::uint8_t> information) noexcept {
  const auto size = static_cast<std::size_t>(code_->size);
  const int level = std::countr_zero(size);
  std::array<int, kPaths> order{};  // the most likely path first
  for (int p = 0; p < count_; ++p) {
    int at = p;
    for (; at > 0 && paths_[order[at - 1]].metric > paths_[p].metric; --at) order[at] = order[at - 1];
    order[at] = p;
  }
  const std::span<std::uint8_t> word = std::span(word_).first(size);
  const auto take = [&](int path) {
    std::copy_n(bits(false, level, path), size, word.begin());
    polar_transform(word);
    std::size_t next = 0;
    for (std::size_t i = 0; i < size; ++i)
      if (code_->inputs[i] == nr::PolarBit::information) information[next++] = word[i];
    return crc_remainder(crc, information) == 0;
  };
  for (int i = 0; i < count_; ++i)
    if (take(order[i])) return true;
  take(order[0]);
  return false;
}

}  // namespace pado::uci
