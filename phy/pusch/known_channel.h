// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "kernels/estimate_channel.h"

namespace pado::pusch {

/// The channel of one user as a simulation knows it, in the place of what its DM-RS tell: measures what estimation
/// costs. Arrays as estimate_channel would have left them for the user's DmrsShape; not owned.
struct KnownChannel {
  std::span<const cf32> channel;
  std::span<const cf32> covariance;
  ChannelSummary summary;
};

}  // namespace pado::pusch
