// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "kernels/crc.h"
#include "kernels/encode_ldpc.h"
#include "kernels/gold_sequence.h"
#include "kernels/match_rate.h"
#include "phy/nr/code_block_groups.h"
#include "phy/nr/dmrs.h"
#include "phy/nr/error.h"
#include "phy/nr/ldpc_graph.h"
#include "phy/nr/mcs.h"
#include "phy/nr/segmentation.h"
#include "phy/nr/tbs.h"
#include "phy/nr/uci.h"
#include "phy/nr/uci_map.h"
#include "phy/pusch/lifted_graphs.h"
#include "phy/uci/encode.h"

namespace pado::pusch {
namespace {

using Bits = std::vector<std::uint8_t>;  // one a byte

// Appends the check over all bits.
void append_crc(nr::CrcGenerator generator, Bits& bits) {
  if (generator.bits == 0) return;
  const std::size_t count = bits.size();
  std::vector<std::uint8_t> packed((count + 7) / 8);
  pack_bits(bits, packed);
  const auto parity = Crc({.polynomial = generator.polynomial, .bits = generator.bits}).parity(packed, count);
  for (int i = generator.bits - 1; i >= 0; --i) bits.push_back((parity >> i) & 1);
}

Bits with_transport_crc(const nr::Segmentation& segmentation, std::span<const std::uint8_t> payload) {
  Bits bits(segmentation.payload_bits);
  unpack_bits(payload, bits);
  append_crc(segmentation.transport_crc, bits);
  return bits;
}

// TS 38.212, 5.2.2: one code block with its own check and its fillers, of K bits.
Bits information_bits(const nr::Segmentation& segmentation, const Bits& block, int index) {
  const auto share = segmentation.block_payload_bits();
  const auto first = block.begin() + index * share;
  Bits information(first, first + share);
  append_crc(segmentation.block_crc, information);
  information.resize(segmentation.information_bits, 0);
  return information;
}

// TS 38.211, 6.3.1.1, with the placeholders of control information.
void scramble(const nr::PuschGrant& grant, Bits& bits) {
  std::vector<std::uint32_t> words((bits.size() + 31) / 32);
  fill_gold_sequence(nr::scrambling_seed(grant.rnti, grant.n_id), 0, words);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i] == uci::kOne) {
      bits[i] = 1;
    } else if (bits[i] == uci::kRepeat) {
      bits[i] = bits[i - 1];
    } else {
      bits[i] ^= static_cast<std::uint8_t>((words[i / 32] >> (i % 32)) & 1);
    }
  }
}

// The transport block's bits behind rate matching.
Bits encode_shared_channel(const nr::PuschGrant& grant, std::span<const std::uint8_t> payload) {
  const int tbs_bits = grant.tbs_bits != 0 ? grant.tbs_bits : nr::transport_block_size(grant);
  if (std::ssize(payload) * 8 != tbs_bits) {
    throw Error(fmt::format("payload of {} bytes: the transport block has {} bits, {} bytes", payload.size(), tbs_bits,
                            tbs_bits / 8));
  }
  const auto segmentation = nr::segment(tbs_bits, nr::base_graph(grant));
  const int bits_per_symbol = nr::bits_per_symbol(grant.modulation);
  const int coded_bits = nr::shared_channel_bits(grant);
  const auto runs = nr::sent_blocks(grant, segmentation.code_blocks);
  const auto rate = nr::rate_matching(segmentation, coded_bits, grant.layers, bits_per_symbol, grant.rv,
                                      grant.limited_buffer_tbs_bits, nr::count_blocks(runs));
  const RateShape shape{.code_blocks = segmentation.code_blocks,
                        .short_blocks = rate.short_blocks,
                        .short_bits = rate.short_bits,
                        .long_bits = rate.long_bits,
                        .bits_per_symbol = bits_per_symbol,
                        .buffer_bits = rate.buffer_bits,
                        .start = rate.start,
                        .filler_start = rate.filler_start,
                        .fillers = rate.fillers};
  const LdpcGraph& graph = lifted_graph(segmentation.base_graph, segmentation.lifting_size);
  const auto block = with_transport_crc(segmentation, payload);
  Bits sent(graph.sent_bits());
  Bits out(coded_bits);
  std::span<std::uint8_t> rest = out;
  int number = 0;  // among those that are sent
  for (const nr::BlockRun& run : runs) {
    for (int i = run.first; i < run.first + run.count; ++i) {
      encode_ldpc(graph, information_bits(segmentation, block, i), sent);
      const auto length = number++ < rate.short_blocks ? rate.short_bits : rate.long_bits;
      match_rate(shape, sent, rest.first(length));
      rest = rest.subspan(length);
    }
  }
  return out;
}

Bits encode_part(const nr::PuschGrant& grant, int part, std::size_t coded_bits) {
  const nr::UciPart& uci = grant.uci.parts[part];
  if (uci.content.size() != static_cast<std::size_t>(uci.bits)) {
    throw Error(fmt::format("uci {}: {} bits are granted, {} are given to send", nr::kUciPartNames[part], uci.bits,
                            uci.content.size()));
  }
  return uci::encode(uci.content, static_cast<int>(coded_bits), nr::bits_per_symbol(grant.modulation));
}

// TS 38.212, 6.2.7: HARQ-ACK of one or two bits overwrites what is there.
Bits multiplex(const nr::PuschGrant& grant, const Bits& shared_channel) {
  if (!grant.uci.any()) return shared_channel;
  const nr::UciMap map = nr::uci_map(grant);
  const std::size_t width = static_cast<std::size_t>(grant.layers) * nr::bits_per_symbol(grant.modulation);
  Bits out(nr::data_elements(grant) * width, 0);
  auto data = shared_channel.begin();
  for (const nr::ElementRun& run : map.data) {
    const std::size_t size = run.count * width;
    std::copy_n(data, size, out.begin() + run.first * width);
    data += size;
  }
  for (const int part : {1, 2, 0}) {
    const Bits coded = encode_part(grant, part, map.parts[part].size() * width);
    for (std::size_t i = 0; i < coded.size(); ++i) out[map.parts[part][i / width] * width + i % width] = coded[i];
  }
  return out;
}

}  // namespace

Bits encode(const nr::PuschGrant& grant, std::span<const std::uint8_t> payload) {
  Bits bits = multiplex(grant, grant.shared_channel ? encode_shared_channel(grant, payload) : Bits{});
  scramble(grant, bits);
  return bits;
}

}  // namespace pado::pusch
