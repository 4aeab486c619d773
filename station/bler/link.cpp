// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/bler/link.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "phy/propagation/fast_awgn.h"
#include "phy/propagation/random_stream.h"
#include "phy/pusch/transmitter.h"

namespace pado::station::bler {
namespace {

constexpr std::array<int, kMaxTransmissions> kRedundancyVersions{0, 2, 3, 1};
constexpr int kRoundTripSlots = 10;    // from a transmission to the next one of the block: 5 ms
constexpr double kCoursesSlots = 2e9;  // blocks meet the channel at moments of this many slots that chance picks

// Streams of random numbers: of each block of a transmission, of each antenna.
constexpr std::uint64_t kPayloadStream = 1000, kMomentStream = 2000, kInterferenceStream = 3000, kUserFading = 10,
                        kInterfererFading = 11;
constexpr std::uint64_t noise_stream(int block, int number, int antenna) {
  return (static_cast<std::uint64_t>(block + 1) << 20) + static_cast<std::uint64_t>(100 * number + antenna);
}

Limits limits_of(const Requirement& requirement, const pusch::PlanLimits& limits) {
  return {.antennas = requirement.antennas,
          .layers = limits.layers,
          .fft_size = carrier_of(requirement).fft_size,
          .prbs = limits.prbs,
          .code_blocks = limits.code_blocks};
}

propagation::FadingConfig fading_of(const Requirement& requirement, const LinkOptions& options, int transmit_antennas,
                                    std::uint64_t stream) {
  return {.profile = &propagation::tdl_profile(requirement.profile),
          .doppler_hz = requirement.doppler_hz,
          .seed = options.seed,
          .stream = stream,
          .transmit_antennas = transmit_antennas};
}

int grid_stride(const SentBlocks& sent) { return sent.transmission(0, 0).plan.ofdm.grid_stride; }

}  // namespace

SentBlocks::SentBlocks(const Requirement& requirement, const LinkOptions& options) {
  const nr::Carrier carrier = carrier_of(requirement);
  nr::PuschGrant grant = grant_of(requirement);
  limits_ = pusch::limits_for(carrier, std::span(&grant, 1));
  pusch::Planner planner(carrier, limits_);
  for (int block = 0; block < kBlocks; ++block) {
    propagation::RandomStream random(options.seed, kPayloadStream + static_cast<std::uint64_t>(block));
    payloads_.emplace_back(static_cast<std::size_t>(grant.tbs_bits) / 8);
    for (auto& byte : payloads_.back()) byte = static_cast<std::uint8_t>(random.bits());
    grant.block = block;
    for (int number = 0; number < kMaxTransmissions; ++number) {
      grant.slot = (3 * block + kRoundTripSlots * number) % 20;
      grant.rv = kRedundancyVersions[static_cast<std::size_t>(number)];
      grant.new_data = number == 0;
      transmissions_.push_back({.plan = planner.plan(std::span(&grant, 1), 1, options.max_ldpc_iterations),
                                .grid = pusch::make_grid(grant, carrier, payloads_.back())});
    }
    if (!options.interferer_db) continue;
    TransmitGrid& grid = interference_.emplace_back(1, carrier);
    propagation::RandomStream symbols(options.seed, kInterferenceStream + static_cast<std::uint64_t>(block));
    constexpr float kAxis = 0.70710678F;
    for (cf32& x : grid.elements) {
      const std::uint64_t bits = symbols.bits();
      x = {(bits & 1) != 0 ? kAxis : -kAxis, (bits & 2) != 0 ? kAxis : -kAxis};
    }
  }
}

Link::Link(const Requirement& requirement, const SentBlocks& sent, const LinkOptions& options)
    : requirement_(requirement),
      sent_(sent),
      options_(options),
      on_(limits_of(requirement, sent.limits())),
      receiver_(on_, on_, carrier_of(requirement), sent.limits()),
      user_(carrier_of(requirement), fading_of(requirement, options, requirement.layers, kUserFading),
            grid_stride(sent)),
      grid_(static_cast<std::size_t>(requirement.antennas * kSymbolsPerSlot * grid_stride(sent))) {
  if (options.interferer_db) {
    interferer_.emplace(carrier_of(requirement), fading_of(requirement, options, 1, kInterfererFading),
                        grid_stride(sent));
    interference_energy_ = requirement.layers * std::pow(10.0, *options.interferer_db / 10);
  }
  report_.ues.reserve(1);
}

BlockOutcome Link::send(int block, double snr_db, bool known_channel) {
  const double moment =
      propagation::RandomStream(options_.seed, kMomentStream + static_cast<std::uint64_t>(block)).uniform();
  const auto first_slot = static_cast<std::int64_t>(moment * kCoursesSlots);
  for (int number = 0; number < kMaxTransmissions; ++number) {
    user_.set_slot(first_slot + kRoundTripSlots * number);
    if (interferer_) interferer_->set_slot(first_slot + kRoundTripSlots * number);
    receive(block, number, snr_db, known_channel);
    const pusch::UeReport& ue = report_.ues[0];
    if (ue.crc_ok && std::ranges::equal(ue.payload, sent_.payload(block))) return {number + 1, true};
  }
  return {kMaxTransmissions, false};
}

void Link::receive(int block, int number, double snr_db, bool known_channel) {
  const SentBlocks::Transmission& now = sent_.transmission(block, number);
  std::ranges::fill(grid_, cf32{});
  user_.add(now.grid, 1, grid_);
  if (interferer_)
    interferer_->add(sent_.interference(block + number), static_cast<float>(std::sqrt(interference_energy_)), grid_);
  const double noise_energy = requirement_.layers / std::pow(10.0, snr_db / 10);
  const std::size_t of_antenna = grid_.size() / static_cast<std::size_t>(requirement_.antennas);
  for (int antenna = 0; antenna < requirement_.antennas; ++antenna) {
    propagation::add_fast_awgn(noise_energy, options_.seed, noise_stream(block, number, antenna),
                               std::span(grid_).subspan(static_cast<std::size_t>(antenna) * of_antenna, of_antenna));
  }
  if (known_channel) {
    const DmrsShape& shape = now.plan.ues[0].dmrs;
    tell_channel(shape, noise_energy);
    tell_covariance(shape, noise_energy);
  }
  receiver_.assume_channel(known_channel ? &known_ : nullptr);
  SlotSamples slot;
  slot.antennas = requirement_.antennas;
  slot.cf32_grid = grid_;
  receiver_.receive(slot, now.plan, report_);
}

void Link::tell_channel(const DmrsShape& shape, double noise_energy) {
  channel_.resize(static_cast<std::size_t>(shape.antennas * shape.layers * kMaxBranches * shape.channel_stride));
  for (int antenna = 0; antenna < shape.antennas; ++antenna) {
    for (int layer = 0; layer < shape.layers; ++layer) {
      for (int branch = 0; branch < kMaxBranches; ++branch) {
        const int row = (antenna * shape.layers + layer) * kMaxBranches + branch;
        std::ranges::copy(user_.part(antenna, layer, branch),
                          channel_.begin() + static_cast<std::ptrdiff_t>(row) * shape.channel_stride);
      }
    }
  }
  known_.summary.usable = true;
  known_.summary.branches = kMaxBranches;
  known_.summary.signal_power = 1;
  known_.summary.noise_power = static_cast<float>(noise_energy);
  known_.summary.noise.fill(static_cast<float>(noise_energy));
  for (int branch = 0; branch < kMaxBranches; ++branch) {
    for (int l = 0; l < kSymbolsPerSlot; ++l)
      known_.summary.time_gain[static_cast<std::size_t>(branch * kSymbolsPerSlot + l)] = {
          propagation::FadingSlot::value(branch, l), 0};
  }
  known_.channel = channel_;
}

// Noise, and the interferer as it is in the middle of the slot, per PRB.
void Link::tell_covariance(const DmrsShape& shape, double noise_energy) {
  covariance_.assign(static_cast<std::size_t>(shape.antennas * shape.antennas * shape.covariance_stride), cf32{});
  const float middle = 0.5F * (propagation::FadingSlot::value(0, 6) + propagation::FadingSlot::value(0, 7));
  for (int i = 0; i < shape.antennas; ++i) {
    for (int j = 0; j < shape.antennas; ++j) {
      cf32* out = covariance_.data() + static_cast<std::ptrdiff_t>(i * shape.antennas + j) * shape.covariance_stride;
      for (int prb = 0; prb < shape.prbs; ++prb) {
        cf32 sum{i == j ? static_cast<float>(noise_energy) : 0, 0};
        for (int k = 12 * prb; interferer_ && k < 12 * prb + 12; ++k) {
          const cf32 product = interferer_->part(i, 0, 0)[k] * conj(interferer_->part(j, 0, 0)[k]);
          sum = sum + static_cast<float>(interference_energy_ / 12) * middle * middle * product;
        }
        out[prb] = sum;
      }
    }
  }
  known_.covariance = covariance_;
}

}  // namespace pado::station::bler
