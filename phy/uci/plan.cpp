// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "phy/uci/plan.h"

#include <algorithm>
#include <utility>

#include "phy/nr/mcs.h"

namespace pado::uci {

Plan plan(const nr::PuschGrant& grant) {
  Plan plan;
  if (!grant.uci.any()) return plan;
  plan.bits_per_symbol = nr::bits_per_symbol(grant.modulation);
  plan.bits_per_element = grant.layers * plan.bits_per_symbol;
  nr::UciMap map = nr::uci_map(grant);
  plan.data = std::move(map.data);
  plan.punctured = std::move(map.punctured);
  for (int i = 0; i < nr::kUciParts; ++i) {
    PartPlan& part = plan.parts[i];
    part.bits = grant.uci.parts[i].bits;
    part.elements = std::move(map.parts[i]);
    if (part.bits < 12) continue;
    part.segmentation =
        nr::polar_segmentation(part.bits, static_cast<int>(part.elements.size()) * plan.bits_per_element);
    part.code = nr::polar_code(part.segmentation);
    part.tree = polar_tree(part.code);
  }
  if (nr::punctures(grant.uci)) {  // HARQ-ACK stands in the place of some of CSI part 2
    std::vector<std::int32_t> taken = plan.parts[0].elements;
    std::ranges::sort(taken);
    for (std::int32_t& element : plan.parts[2].elements)
      if (std::ranges::binary_search(taken, element)) element = -1;
  }
  return plan;
}

}  // namespace pado::uci
