// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/check_shape.h"

#include <fmt/format.h>

#include <string_view>

#include "phy/nr/error.h"
#include "scheduler/policy.h"

namespace pado::scheduler {
namespace {

void check(std::string_view field, int value, int least, int most) {
  if (value < least || value > most) {
    throw Error(fmt::format("scheduler: {} is {}, expected {} to {}", field, value, least, most));
  }
}

}  // namespace

void check_shape(const CellShape& shape) {
  if (!(shape.slot_s > 0 && shape.slot_s <= 1e-3)) {
    throw Error(fmt::format("scheduler: slot_s is {}, expected more than 0 and at most 0.001", shape.slot_s));
  }
  check("prbs", shape.prbs, 1, 275);
  check("rbg_prbs", shape.rbg_prbs, 1, 275);
  check("RBGs of the carrier", shape.rbgs(), 1, kMaxRbgs);
  check("users_per_slot", shape.users_per_slot, 1, kMaxUsersPerSlot);
  check("harq_processes", shape.harq_processes, 1, kMaxHarqProcesses);
  check("transmissions", shape.transmissions, 1, 16);
  check("symbols", shape.symbols, 1, 14);
  check("dmrs_elements_per_prb", shape.dmrs_elements_per_prb, 0, 12 * shape.symbols - 1);
  check("layers", shape.layers, 1, 4);
}

}  // namespace pado::scheduler
