// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/slot_work.h"

#include <algorithm>
#include <cmath>

#include "phy/propagation/awgn.h"
#include "phy/propagation/flat_channel.h"
#include "phy/propagation/random_stream.h"
#include "phy/pusch/transmitter.h"

namespace pado::station {
namespace {

std::vector<std::uint8_t> random_payload(int bits) {
  propagation::RandomStream random(5, 5);
  std::vector<std::uint8_t> payload(static_cast<std::size_t>(bits) / 8);
  for (auto& byte : payload) byte = static_cast<std::uint8_t>(random.bits());
  return payload;
}

std::vector<cf32> received_samples(const BenchCell& cell, std::span<const std::uint8_t> payload, int samples) {
  const int antennas = cell.carrier.antennas;
  std::vector<cf32> received(static_cast<std::size_t>(antennas * samples));
  propagation::FlatChannel channel(cell.carrier);
  const propagation::FlatPath path{
      .gains = propagation::phase_gains(antennas, cell.grant.layers, 5, 6), .gain_db = 0, .delay_s = 3e-7, .cfo_hz = 0};
  channel.add_slot(path, pusch::make_grid(cell.grant, cell.carrier, payload), cell.grant.slot,
                   {.from_slot_start = 0, .from_recording_start = 0, .samples = samples}, received);
  propagation::add_awgn(std::pow(10.0, -cell.snr_db / 10), 5, 7, received);
  return received;
}

}  // namespace

SlotWork::SlotWork(const BenchCell& cell)
    : cell_(cell),
      payload_(random_payload(cell.grant.tbs_bits)),
      limits_(pusch::limits_for(cell.carrier, std::span(&cell_.grant, 1))),
      plan_(pusch::Planner(cell.carrier, limits_).plan(std::span(&cell_.grant, 1), 1, cell.max_ldpc_iterations)),
      on_(pusch::backend_limits(cell.carrier, limits_)),
      buffers_(on_, cell.carrier, limits_) {
  samples_ = received_samples(cell_, payload_, plan_.ofdm.samples_per_slot);
  SlotSamples slot;
  slot.antennas = cell.carrier.antennas;
  slot.samples = plan_.ofdm.samples_per_slot;
  slot.cf32_samples = samples_;
  buffers_.take_samples(on_, slot, plan_.ofdm);
  buffers_.take_pilots(on_, ue().pilots);
  buffers_.take_scrambling(on_, ue());
  demodulate();
  estimate();
  compute_weights();
  demap();
  recover();
  decode();
  check();
}

void SlotWork::demodulate() noexcept {
  ofdm_demodulate(on_, plan_.ofdm,
                  {.samples_ci16 = {}, .samples_cf32 = buffers_.cf32_samples, .grid = buffers_.grid.view()});
}

void SlotWork::estimate() noexcept {
  estimate_channel(on_, ue().dmrs,
                   {.grid = buffers_.grid.view(),
                    .pilots = buffers_.pilots,
                    .wiener = buffers_.wiener_view(),
                    .channel = buffers_.channel.view(),
                    .covariance = buffers_.covariance.view(),
                    .summary = buffers_.summary.view()});
}

void SlotWork::compute_weights() noexcept {
  compute_receive_weights(on_, ue().weights,
                          {.channel = buffers_.channel.view(),
                           .covariance = buffers_.covariance.view(),
                           .summary = buffers_.summary.view(),
                           .weights = buffers_.weights.view(),
                           .sinr = buffers_.sinr.view(),
                           .status = buffers_.status.view()});
}

void SlotWork::demap() noexcept {
  combine_and_demap(on_, ue().demap,
                    {.grid = buffers_.grid.view(),
                     .channel = buffers_.channel.view(),
                     .summary = buffers_.summary.view(),
                     .weights = buffers_.weights.view(),
                     .sinr = buffers_.sinr.view(),
                     .scrambling = buffers_.scrambling,
                     .llrs = buffers_.llrs.view(),
                     .metrics = buffers_.metrics.view()});
}

void SlotWork::recover() noexcept {
  recover_rate(
      on_, ue().rate,
      {.llrs = buffers_.llrs.view().first(static_cast<std::size_t>(ue().llrs)), .soft = buffers_.soft[0].bits.view()});
}

void SlotWork::decode() noexcept {
  decode_ldpc(
      on_, ue().ldpc,
      {.soft = buffers_.soft[0].bits.view(), .bits = buffers_.bits.view(), .results = buffers_.ldpc_results.view()});
}

void SlotWork::check() noexcept {
  check_crc(on_, ue().crc,
            {.bits = buffers_.bits.view(),
             .ldpc_results = buffers_.ldpc_results.view(),
             .payload = buffers_.payload(0),
             .result = buffers_.crc_result.view()});
}

bool SlotWork::payload_right() const {
  return buffers_.crc_result.view()[0].crc_ok &&
         std::ranges::equal(payload_, buffers_.payload(0).first(payload_.size()));
}

}  // namespace pado::station
