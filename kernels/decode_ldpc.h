// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/ldpc_graph.h"
#include "kernels/view.h"

namespace pado {

struct LdpcShape {
  LdpcGraph graph;
  int code_blocks = 0;
  int rows = 0;              // those to use: the rest has parity bits that were never received
  int information_bits = 0;  // K' of a block without fillers: payload and check
  int max_iterations = 0;
  bool early_stop = true;  // false: all iterations, whatever the checks say
  CrcPolynomial crc;       // of a code block (or of the lone transport block); an early stop needs it right as well
  int soft_stride = 0;     // as in RateShape
  int bits_stride = 0;     // bytes from a block's decoded bits to the next's: K / 8 rounded up to 64
};

/// How a code block's decoding ended.
struct LdpcResult {
  std::uint8_t iterations = 0;
  bool parity_ok = false;  // of the core rows; never for a word of zeros that has bits of which nothing is known
  bool crc_ok = false;     // and the CRC, where the shape has one
};

/// Layered offset min-sum decoding of TS 38.212, 5.3.2, with early stop by parity and CRC; LLR scale kLlrStepsPerNat.
template <class Backend>
struct LdpcArgs {
  View<Backend, const std::int8_t> soft;  // in  [code block][soft_stride]: column 2 on; positive is bit 0
  View<Backend, std::uint8_t> bits;       // out [code block][bits_stride]: K' bits, first one the top bit
  View<Backend, LdpcResult> results;      // out [code block]
};

}  // namespace pado
