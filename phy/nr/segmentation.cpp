// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/nr/segmentation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "phy/nr/error.h"
#include "phy/nr/ldpc_graph.h"

namespace pado::nr {

namespace {

// TS 38.212, 5.2.2: columns that may hold payload.
int payload_columns(int base_graph, int block_bits_total) {
  if (base_graph == 1) return 22;
  if (block_bits_total > 640) return 10;
  if (block_bits_total > 560) return 9;
  return block_bits_total > 192 ? 8 : 6;
}

// TS 38.212, table 5.4.2.1-2: numerators of k_0.
int start_column(int base_graph, int rv) {
  constexpr std::array<std::array<int, 4>, 2> kColumns = {{{0, 17, 33, 56}, {0, 13, 25, 43}}};
  return kColumns.at(static_cast<std::size_t>(base_graph - 1)).at(static_cast<std::size_t>(rv));
}

// Rows up to the one whose parity column holds the last bit that is sent.
int rows_in_use(const Segmentation& s, const RateMatching& r) {
  const int fillers_in_buffer = std::clamp(r.buffer_bits - r.filler_start, 0, r.fillers);
  const int first = r.start < r.filler_start ? r.start : std::max(r.start, r.filler_start + r.fillers) - r.fillers;
  const int unfilled = r.buffer_bits - fillers_in_buffer;
  const int end = std::min(first + r.long_bits, unfilled);  // past the buffer's end it wraps: then all are in use
  const int last = end - 1 < r.filler_start ? end - 1 : end - 1 + fillers_in_buffer;
  const int information_columns = s.base_graph == 1 ? 22 : 10;
  return std::clamp(last / s.lifting_size + 2 - information_columns + 1, 4, s.sent_columns() + 2 - information_columns);
}

}  // namespace

Segmentation segment(int payload_bits, int base_graph) {
  if (payload_bits <= 0) throw Error(fmt::format("transport block of {} bits: must be positive", payload_bits));
  Segmentation s;
  s.base_graph = base_graph;
  s.payload_bits = payload_bits;
  s.transport_crc = payload_bits > 3824 ? kCrc24A : kCrc16;
  const int information_columns = ldpc_base_graph(base_graph).information_columns;
  const int max_block_bits = base_graph == 1 ? 8448 : 3840;  // K_cb
  const int bits = payload_bits + s.transport_crc.bits;      // B
  if (bits <= max_block_bits) {
    s.code_blocks = 1;
  } else {
    s.block_crc = kCrc24B;
    s.code_blocks = (bits + max_block_bits - s.block_crc.bits - 1) / (max_block_bits - s.block_crc.bits);
  }
  if (bits % s.code_blocks != 0) {
    throw Error(
        fmt::format("transport block of {} bits: with its check {} bits, which {} code blocks cannot share evenly",
                    payload_bits, bits, s.code_blocks));
  }
  s.block_bits = bits / s.code_blocks + s.block_crc.bits;
  const int columns = payload_columns(base_graph, bits);
  const auto sizes = lifting_sizes();
  s.lifting_size = *std::find_if(sizes.begin(), sizes.end(), [&](int z) { return columns * z >= s.block_bits; });
  s.information_bits = information_columns * s.lifting_size;
  return s;
}

RateMatching rate_matching(const Segmentation& s, int coded_bits, int layers, int bits_per_symbol, int rv,
                           std::optional<int> limited_buffer_tbs_bits, int sent_blocks) {
  const int unit = layers * bits_per_symbol;
  if (unit <= 0 || coded_bits <= 0 || coded_bits % unit != 0) {
    throw Error(fmt::format("{} coded bits: must be a positive multiple of {} layers x {} bits", coded_bits, layers,
                            bits_per_symbol));
  }
  if (rv < 0 || rv > 3) throw Error(fmt::format("redundancy version {}: must be 0 to 3", rv));
  const int units = coded_bits / unit;
  const int blocks = sent_blocks > 0 ? sent_blocks : s.code_blocks;
  if (units < blocks) {
    throw Error(fmt::format("{} coded bits leave some of {} code blocks empty", coded_bits, blocks));
  }
  RateMatching r;
  r.short_blocks = blocks - units % blocks;
  r.short_bits = unit * (units / blocks);
  r.long_bits = unit * ((units + blocks - 1) / blocks);
  r.buffer_bits = s.sent_bits();
  if (limited_buffer_tbs_bits) {  // N_ref = floor(TBS_LBRM / (C * 2/3))
    const auto limit = 3LL * *limited_buffer_tbs_bits / (2LL * s.code_blocks);
    r.buffer_bits = static_cast<int>(std::min<long long>(r.buffer_bits, limit));
  }
  r.start = static_cast<int>(static_cast<long long>(start_column(s.base_graph, rv)) * r.buffer_bits / s.sent_bits()) *
            s.lifting_size;
  r.filler_start = s.block_bits - 2 * s.lifting_size;
  r.fillers = s.fillers();
  r.rows = rows_in_use(s, r);
  return r;
}

}  // namespace pado::nr
