// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/cpu/backend.h"

namespace pado::station {

/// Code blocks to decode again and again.
struct LdpcCase {
  int base_graph = 1, lifting_size = 384;
  int rows = 46;     // received: information columns / (information columns + rows - 2) is the code rate
  int together = 1;  // blocks of one call
  int blocks = 16;   // different ones, a multiple of `together`
  int max_iterations = 6;
  bool early_stop = false;
  double ebn0_db = 6;  // QPSK over white noise
};

/// Random words with a CRC24B over noise, as the decoder finds them.
class LdpcWork {
 public:
  explicit LdpcWork(const LdpcCase& c);

  /// Decodes all blocks.
  void run() noexcept;
  /// Of the last run.
  [[nodiscard]] int wrong_blocks() const;
  [[nodiscard]] double mean_iterations() const;

  [[nodiscard]] double information_bits() const;  // of all blocks
  [[nodiscard]] double edges() const;             // of an iteration over all blocks, lifted
  [[nodiscard]] std::string name() const;

 private:
  LdpcCase case_;
  LdpcShape shape_;
  cpu::Backend on_;
  cpu::HostBuffer<std::int8_t> soft_;
  cpu::HostBuffer<std::uint8_t> bits_;
  cpu::HostBuffer<LdpcResult> results_;
  std::vector<std::vector<std::uint8_t>> sent_;  // [block]: information, packed
};

}  // namespace pado::station
