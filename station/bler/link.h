// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/cpu/backend.h"
#include "phy/propagation/fading_slot.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/receiver.h"
#include "phy/transmit_grid.h"
#include "station/bler/requirement.h"

namespace pado::station::bler {

struct LinkOptions {
  std::uint64_t seed = 1;
  int max_ldpc_iterations = 0;            // 0: the receiver's own choice
  std::optional<double> interferer_db{};  // another cell's user on the same PRBs, against all layers of ours
};

/// What is sent under a requirement: a few blocks that take turns, each in its four redundancy versions. Made once,
/// read by many threads.
class SentBlocks {
 public:
  /// Throws Error where the receiver cannot do what is required.
  SentBlocks(const Requirement& requirement, const LinkOptions& options);

  struct Transmission {
    pusch::SlotPlan plan;
    TransmitGrid grid;
  };
  static constexpr int kBlocks = 4;
  [[nodiscard]] const Transmission& transmission(int block, int number) const {
    return transmissions_[static_cast<std::size_t>(block % kBlocks * kMaxTransmissions + number)];
  }
  [[nodiscard]] const std::vector<std::uint8_t>& payload(int block) const {
    return payloads_[static_cast<std::size_t>(block % kBlocks)];
  }
  [[nodiscard]] const TransmitGrid& interference(int block) const {
    return interference_[static_cast<std::size_t>(block % kBlocks)];
  }
  [[nodiscard]] const pusch::PlanLimits& limits() const { return limits_; }

 private:
  pusch::PlanLimits limits_;
  std::vector<std::vector<std::uint8_t>> payloads_;
  std::vector<Transmission> transmissions_;
  std::vector<TransmitGrid> interference_;  // QPSK on every element
};

struct BlockOutcome {
  int transmissions = 0;
  bool delivered = false;
};

/// From the transmitter over the requirement's channel to the receiver, with HARQ: one thread's. What a block meets
/// depends on the seed and its number alone, so that blocks may be shared out in any way.
class Link {
 public:
  Link(const Requirement& requirement, const SentBlocks& sent, const LinkOptions& options);

  /// known_channel: the receiver is told the channel, as well as a line in time can, and the covariance.
  BlockOutcome send(int block, double snr_db, bool known_channel);

 private:
  void receive(int block, int number, double snr_db, bool known_channel);
  void tell_channel(const DmrsShape& shape, double noise_energy);
  void tell_covariance(const DmrsShape& shape, double noise_energy);

  const Requirement& requirement_;
  const SentBlocks& sent_;
  LinkOptions options_;
  double interference_energy_ = 0;
  cpu::Backend on_;
  pusch::Receiver<cpu::Backend> receiver_;
  propagation::FadingSlot user_;
  std::optional<propagation::FadingSlot> interferer_;
  std::vector<cf32> grid_, channel_, covariance_;
  pusch::KnownChannel known_;
  pusch::SlotReport report_;
};

}  // namespace pado::station::bler
