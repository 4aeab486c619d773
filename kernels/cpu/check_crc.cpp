// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/check_crc.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/backend.h"
#include "kernels/cpu/ldpc_scratch.h"
#include "kernels/cpu/scratch.h"

namespace pado::cpu {

namespace {

// Appends packed bits, top bit first, at any bit position; what was there is overwritten.
class BitAppender {
 public:
  explicit BitAppender(std::uint8_t* out) : out_(out) {}

  void append(const std::uint8_t* packed, std::size_t bits) noexcept {
    const std::size_t shift = filled_ % 8;
    std::uint8_t* to = out_ + filled_ / 8;
    filled_ += bits;
    if (shift == 0) {
      std::memcpy(to, packed, bits / 8);
      if (bits % 8 != 0) to[bits / 8] = static_cast<std::uint8_t>(packed[bits / 8] & (0xff00 >> (bits % 8)));
      return;
    }
    for (; bits >= 8; bits -= 8, ++packed, ++to) {
      to[0] |= static_cast<std::uint8_t>(*packed >> shift);
      to[1] = static_cast<std::uint8_t>(*packed << (8 - shift));
    }
    if (bits == 0) return;
    const auto last = static_cast<std::uint8_t>(*packed & (0xff00 >> bits));
    to[0] |= static_cast<std::uint8_t>(last >> shift);
    if (shift + bits > 8) to[1] = static_cast<std::uint8_t>(last << (8 - shift));
  }

 private:
  std::uint8_t* out_;
  std::size_t filled_ = 0;
};

}  // namespace

void check_crc(Backend& on, const CrcShape& shape, const CrcArgs<Backend>& args) noexcept {
  CrcResult result;
  BitAppender payload(args.payload.data());
  const auto block_bits = static_cast<std::size_t>(shape.information_bits - shape.block_crc.bits);
  for (int block = 0; block < shape.code_blocks; ++block) {
    const auto at = static_cast<std::size_t>(block);
    payload.append(args.bits.data() + at * static_cast<std::size_t>(shape.bits_stride), block_bits);
    if (args.ldpc_results[at].crc_ok) ++result.blocks_ok;
  }
  const FoldedCrc& crc = on.scratch().ldpc.crc(shape.transport_crc);
  const auto bits = static_cast<std::size_t>(shape.payload_bits + shape.transport_crc.bits);
  // A payload of zeros has a right CRC: where nothing was received, only the decoder knows that it stands for nothing.
  result.crc_ok = result.blocks_ok == shape.code_blocks && crc.parity(args.payload, bits) == 0;
  args.result[0] = result;
}

}  // namespace pado::cpu
