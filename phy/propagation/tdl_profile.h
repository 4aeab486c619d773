// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace pado::propagation {

/// One tap of a tapped delay line.
struct TdlTap {
  double delay = 0;  // in units of the delay spread, or of the profile's own unit
  double power_db = 0;
};

/// A tapped delay line whose taps all fade by Rayleigh's law.
struct TdlProfile {
  std::string_view name;
  std::span<const TdlTap> taps;
  double delay_unit_s = 0;  // of a profile whose delay spread is fixed; 0: delays scale with the spread wanted
};

/// TDL-A, TDL-B and TDL-C of TR 38.901, 7.7.2, without line of sight; and the conformance tests' profiles of fewer taps
/// on a grid of 5 ns, TS 38.104, G.2.1.1: tdla30, tdlb100, tdlc300, named for their delay spread in ns. Throws Error
/// for another name; it says which there are.
const TdlProfile& tdl_profile(std::string_view name);

}  // namespace pado::propagation
