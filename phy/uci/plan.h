// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/nr/polar_code.h"
#include "phy/nr/uci_map.h"
#include "phy/uci/polar_decoder.h"

namespace pado::uci {

/// A part of the control information as its decoder wants it.
struct PartPlan {
  int bits = 0;
  std::vector<std::int32_t> elements{};  // of the allocation, in the order of the coded bits; -1: not received
  nr::PolarSegmentation segmentation{};  // from 12 bits on
  nr::PolarCode code{};
  std::vector<PolarNode> tree{};
};

/// What separates and decodes the control information of one PUSCH.
struct Plan {
  std::array<PartPlan, nr::kUciParts> parts{};  // none with bits: there is no control information
  int bits_per_element = 0, bits_per_symbol = 0;
  std::vector<nr::ElementRun> data{};     // of the shared channel
  std::vector<std::int32_t> punctured{};  // of them, by number
  [[nodiscard]] bool any() const { return parts[0].bits + parts[1].bits + parts[2].bits > 0; }
  [[nodiscard]] int bits() const { return parts[0].bits + parts[1].bits + parts[2].bits; }
};

/// The grant has passed nr::validate.
Plan plan(const nr::PuschGrant& grant);

}  // namespace pado::uci
