// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/view.h"

namespace pado {

/// Rate matching of one transport block, TS 38.212, 5.4.2; everything in bits of one code block.
struct RateShape {
  int code_blocks = 0;
  int short_blocks = 0;               // the first blocks have short_bits bits sent, the others long_bits
  int short_bits = 0, long_bits = 0;  // E_r
  int bits_per_symbol = 0;            // Q_m, the rows of the interleaver
  int buffer_bits = 0;                // N_cb, of the circular buffer
  int start = 0;                      // k_0
  int filler_start = 0, fillers = 0;  // position and number of filler bits in the circular buffer
  int soft_stride =
      0;  // bytes from a code block's soft bits to the next's: all sent bits of the graph, rounded up to 64
  bool combine = false;  // false: a new block, the soft buffer is overwritten; true: added to what is there
};

/// De-interleaving, de-selection and HARQ combining with saturation to +-127. Filler bits become +127 (known zeros),
/// bits never sent 0. Bits sent more than once in a transmission are added up.
template <class Backend>
struct RateArgs {
  View<Backend, const std::int8_t> llrs;  // in     [bit], in the order of transmission
  View<Backend, std::int8_t> soft;        // in/out [code block][soft_stride]
};

}  // namespace pado
