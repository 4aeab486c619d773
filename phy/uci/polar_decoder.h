// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "phy/nr/polar_code.h"

namespace pado::uci {

/// What a node of the decoding tree holds; the root is number 1, node i has the children 2i and 2i + 1.
enum class PolarNode : std::uint8_t { frozen, information, repetition, mixed };
/// Of a code's inputs, [2N]. Codes with parity bits have no nodes that take several information bits at once.
std::vector<PolarNode> polar_tree(const nr::PolarCode& code);

/// Successive cancellation with a list of eight paths (as of Tal and Vardy) on log-likelihood ratios, chosen by the
/// check. Nodes whose inputs are all frozen, all free, or free in the last place alone are decoded at once, with the
/// same result as bit by bit. All memory is laid out at construction.
class PolarDecoder {
 public:
  static constexpr int kPaths = 8;

  PolarDecoder();

  /// llrs: of the encoder's N output bits, positive is 0. information: K bits, the check included; the first path whose
  /// check holds, else the most likely one. True where it holds.
  bool decode(const nr::PolarCode& code, std::span<const PolarNode> tree, nr::CrcGenerator crc,
              std::span<const float> llrs, std::span<std::uint8_t> information) noexcept;

 private:
  static constexpr int kLevels = 11;         // nodes of 1 to 1024 bits
  static constexpr int kBatch = kPaths - 1;  // bits of a free node that can be wrong on a path that survives

  /// A path refers to the memory of the paths that it comes from, level by level.
  struct Path {
    std::array<std::uint8_t, 12> llr_slot{}, left_slot{};
    float metric = 0;
    std::uint8_t register_bits = 0;  // of the parity bits
    std::uint8_t origin = 0, flips = 0;
  };
  struct Candidate {
    float metric;
    std::uint8_t path, choice;
  };

  float* llrs(int level, int slot) { return llrs_.data() + kPaths * ((1 << level) - 1) + (slot << level); }
  std::uint8_t* bits(bool right, int level, int slot) {
    return bits_[right ? 1 : 0].data() + kPaths * ((1 << level) - 1) + (slot << level);
  }
  float* llrs_of(int path, int level) { return llrs(level, paths_[path].llr_slot[level]); }

  void decode_node(int level, int node, bool right) noexcept;
  void decode_frozen(int level, bool right) noexcept;
  void decode_leaf(int node, bool right) noexcept;
  void decode_repetition(int level, bool right) noexcept;
  void decode_information(int level, bool right) noexcept;
  void combine(int level, bool right) noexcept;
  void finish(int level, bool right) noexcept;
  void split(const std::array<float, kPaths>& penalty0, const std::array<float, kPaths>& penalty1) noexcept;
  bool choose(nr::CrcGenerator crc, std::span<std::uint8_t> information) noexcept;

  const nr::PolarCode* code_ = nullptr;
  std::span<const PolarNode> tree_;
  int count_ = 1;  // paths alive
  std::array<Path, kPaths> paths_{}, next_{};
  std::array<std::uint8_t, kPaths> chosen_{};      // by the last split
  std::vector<float> llrs_;                        // [level][slot][bit]
  std::array<std::vector<std::uint8_t>, 2> bits_;  // of left and right nodes, [level][slot][bit]
  std::vector<std::uint8_t> word_;
};

}  // namespace pado::uci
