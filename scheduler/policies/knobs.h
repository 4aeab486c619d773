// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pado::scheduler {

/// What can be turned on the classical policies.
struct Knobs {
  double bler_target = 0.1;   // of first transmissions
  double olla_step_db = 0.1;  // outer loop: -step (1 - target) after a NACK, +step target after an ACK
  double window_slots = 500;  // of the average throughput that proportional fair divides by
  double shrink = 1;          // of a report towards the user's running mean: mean + shrink (report - mean)
  double smoothing = 0;       // share of an RBG's figure that comes from its two neighbours
  bool operator==(const Knobs&) const = default;
};

}  // namespace pado::scheduler
