// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/decode_ldpc.h"
#include "kernels/ldpc_graph.h"
#include "kernels/view.h"

namespace pado {

struct CrcShape {
  int code_blocks = 0;
  int information_bits = 0;     // K' of each block: with the code block's CRC where there are several
  int payload_bits = 0;         // of the transport block, a multiple of 8
  int bits_stride = 0;          // as in LdpcShape
  CrcPolynomial block_crc;      // bits = 0 where there is one block
  CrcPolynomial transport_crc;  // CRC16 or CRC24A
};

struct CrcResult {
  bool crc_ok = false;  // of the transport block, and all of its code blocks decoded
  std::int32_t blocks_ok = 0;
};

/// Code blocks to the transport block's payload, and its CRC (TS 38.212, 5.1, 5.2.2, 6.2.1).
template <class Backend>
struct CrcArgs {
  View<Backend, const std::uint8_t> bits;        // in  [code block][bits_stride]
  View<Backend, const LdpcResult> ldpc_results;  // in  [code block]
  View<Backend, std::uint8_t> payload;           // out [byte], payload_bits / 8, then room for 4 bytes of CRC
  View<Backend, CrcResult> result;               // out [1]
};

}  // namespace pado
