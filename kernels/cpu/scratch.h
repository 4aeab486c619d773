// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kernels/cpu/backend.h"
#include "kernels/cpu/beam_scratch.h"
#include "kernels/cpu/channel_scratch.h"
#include "kernels/cpu/ldpc_scratch.h"
#include "kernels/cpu/ofdm_scratch.h"

namespace pado::cpu {

/// What the kernels need beside their arguments, made once from the backend's limits.
class Scratch {
 public:
  explicit Scratch(const Limits& limits) : ofdm(limits), channel(limits), beams(limits), ldpc(limits) {}
  OfdmScratch ofdm;
  ChannelScratch channel;
  BeamScratch beams;
  LdpcScratch ldpc;
};

}  // namespace pado::cpu
