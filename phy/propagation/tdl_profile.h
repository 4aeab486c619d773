// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace pado::propagation {

/// One tap of a tapped delay line.
struct TdlTap {
  double delay = 0;  // in units of the delay spread
  double power_db = 0;
};

/// A tapped delay line whose taps all fade by Rayleigh's law.
struct TdlProfile {
  std::string_view name;
  std::span<const TdlTap> taps;
};

/// TDL-A, TDL-B and TDL-C of TR 38.901, 7.7.2, without line of sight. Throws Error for another name than tdl-a, tdl-b,
/// tdl-c; it says which there are.
const TdlProfile& tdl_profile(std::string_view name);

}  // namespace pado::propagation
