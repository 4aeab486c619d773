// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/pusch/plan_decoding.h"

#include "kernels/padding.h"
#include "phy/nr/mcs.h"
#include "phy/nr/segmentation.h"
#include "phy/nr/tbs.h"
#include "phy/nr/uci.h"
#include "phy/pusch/lifted_graphs.h"

namespace pado::pusch {
void plan_decoding(const nr::PuschGrant& grant, int max_iterations, UePlan& ue) {
  ue.uci = uci::plan(grant);
  ue.shared_channel = grant.shared_channel;
  if (!ue.shared_channel) return;
  const int tbs = grant.tbs_bits > 0 ? grant.tbs_bits : nr::transport_block_size(grant);
  const nr::Segmentation s = nr::segment(tbs, nr::base_graph(grant));
  const int coded_bits = nr::shared_channel_bits(grant);
  ue.sent = nr::sent_blocks(grant, s.code_blocks);
  const int sent = nr::count_blocks(ue.sent);
  const nr::RateMatching r = nr::rate_matching(s, coded_bits, grant.layers, nr::bits_per_symbol(grant.modulation),
                                               grant.rv, grant.limited_buffer_tbs_bits, sent);
  const int soft = soft_stride(s.sent_bits()), bits = bits_stride(s.information_bits);
  const double rate = static_cast<double>(sent) * s.block_bits / coded_bits;
  ue.rate = {.code_blocks = s.code_blocks,
             .short_blocks = r.short_blocks,
             .short_bits = r.short_bits,
             .long_bits = r.long_bits,
             .bits_per_symbol = nr::bits_per_symbol(grant.modulation),
             .buffer_bits = r.buffer_bits,
             .start = r.start,
             .filler_start = r.filler_start,
             .fillers = r.fillers,
             .soft_stride = soft,
             .combine = !grant.new_data && !grant.harq_process.empty()};
  const CrcPolynomial block_crc{s.block_crc.polynomial, s.block_crc.bits};
  const CrcPolynomial transport_crc{s.transport_crc.polynomial, s.transport_crc.bits};
  ue.ldpc = {.graph = lifted_graph(s.base_graph, s.lifting_size),
             .code_blocks = s.code_blocks,
             .rows = r.rows,
             .information_bits = s.block_bits,
             .max_iterations = max_iterations > 0 ? max_iterations
                               : rate >= 0.6      ? 10
                                                  : 20,
             .crc = s.code_blocks > 1 ? block_crc : transport_crc,
             .soft_stride = soft,
             .bits_stride = bits};
  ue.crc = {.code_blocks = s.code_blocks,
            .information_bits = s.block_bits,
            .payload_bits = tbs,
            .bits_stride = bits,
            .block_crc = block_crc,
            .transport_crc = transport_crc};
}

}  // namespace pado::pusch
