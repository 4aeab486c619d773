// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/block_size.h"

#include "phy/nr/numerology.h"
#include "phy/nr/segmentation.h"
#include "phy/nr/tbs.h"

namespace pado::scheduler {
namespace {

constexpr double kHighestRate = 0.95;

// With all CRCs, as far as the code's rate allows it.
bool can_be_decoded(int tbs_bits, const nr::Mcs& sent, int elements, int layers) {
  const nr::Segmentation code = nr::segment(tbs_bits, nr::base_graph(tbs_bits, sent.code_rate_x1024));
  const double coded_bits = static_cast<double>(elements) * layers * nr::bits_per_symbol(sent.modulation);
  return code.code_blocks * code.block_bits <= kHighestRate * coded_bits;
}

}  // namespace

int block_size_bits(const CellShape& shape, int prbs, int mcs, int layers) {
  const nr::Mcs sent = *nr::mcs(shape.mcs_table, mcs);
  const int elements = prbs * (nr::kSubcarriersPerPrb * shape.symbols - shape.dmrs_elements_per_prb);
  int tbs_bits = 0;
  for (int lower = mcs; lower >= 0; --lower) {
    const nr::Mcs row = *nr::mcs(shape.mcs_table, lower);
    tbs_bits = nr::transport_block_size(prbs, shape.symbols, shape.dmrs_elements_per_prb, 0, row.modulation,
                                        row.code_rate_x1024, layers);
    if (can_be_decoded(tbs_bits, sent, elements, layers)) break;
  }
  return tbs_bits;
}

}  // namespace pado::scheduler
