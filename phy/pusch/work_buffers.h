// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/cpu/backend.h"
#include "kernels/limits.h"
#include "kernels/padding.h"
#include "kernels/pilot_sets.h"
#include "kernels/slot_samples.h"
#include "kernels/wiener_table.h"
#include "phy/nr/grant.h"
#include "phy/nr/numerology.h"
#include "phy/pusch/erasure.h"
#include "phy/pusch/known_channel.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/report.h"
#include "phy/pusch/soft_buffer.h"
#include "phy/uci/decoder.h"

namespace pado::pusch {

/// All memory of a receiver, and what crosses between host and backend.
template <class Backend>
class WorkBuffers {
  static constexpr bool kOnHost = std::is_same_v<Backend, cpu::Backend>;
  using Host = cpu::Backend;

 public:
  WorkBuffers(Backend& on, const nr::Carrier& carrier, const PlanLimits& limits);

  Buffer<Backend, cf32> grid, user_grid;
  Buffer<Backend, cf32> channel, covariance;
  Buffer<Backend, ChannelSummary> summary;
  Buffer<Backend, cf32> weights;
  Buffer<Backend, float> sinr;
  Buffer<Backend, GroupStatus> status;
  Buffer<Backend, std::int8_t> llrs;
  Buffer<Backend, DemapMetrics> metrics, gap_metrics;

  Buffer<Host, std::uint8_t> bits;
  Buffer<Host, LdpcResult> ldpc_results;
  Buffer<Host, CrcResult> crc_result;
  std::vector<SoftBuffer> soft;
  uci::Decoder uci;
  cpu::HostBuffer<std::uint32_t> received_pilots;  // of the UE, without those of lost symbols

  // The current slot's inputs where the backend reads them.
  View<Backend, const ci16> ci16_samples;
  View<Backend, const cf32> cf32_samples;
  View<Backend, const std::uint32_t> pilots, scrambling;

  void take_samples(Backend& on, const SlotSamples& slot, const OfdmShape& ofdm) {
    const std::size_t count = static_cast<std::size_t>(ofdm.antennas) * static_cast<std::size_t>(ofdm.samples_per_slot);
    ci16_samples = slot.ci16_samples.empty() ? View<Backend, const ci16>{}
                                             : to_backend(on, slot.ci16_samples.first(count), ci16_room_);
    cf32_samples = slot.ci16_samples.empty() ? to_backend(on, slot.cf32_samples.first(count), cf32_room_)
                                             : View<Backend, const cf32>{};
  }
  void take_grid(Backend& on, std::span<const cf32> slot_grid, const OfdmShape& ofdm) {
    const auto count = static_cast<std::size_t>(ofdm.antennas * kSymbolsPerSlot * ofdm.grid_stride);
    put(on, slot_grid.first(count), grid.view().subspan(0, count));
  }
  void take_channel(Backend& on, const KnownChannel& known, const UePlan& ue, int index) {
    put(on, known.channel, channel.view().subspan(0, known.channel.size()));
    put(on, known.covariance, covariance_of(ue).subspan(0, known.covariance.size()));
    put(on, std::span<const ChannelSummary>(&known.summary, 1), summary_of(index));
  }
  void take_pilots(Backend& on, std::span<const std::uint32_t> ue_pilots) {
    pilots = to_backend(on, ue_pilots, pilots_room_);
  }
  void take_scrambling(Backend& on, const UePlan& ue) {
    scrambling = to_backend(on, std::span<const std::uint32_t>(ue.scrambling), scrambling_room_);
  }
  /// The users of a group keep their covariances, all users of a slot their summaries.
  View<Backend, cf32> covariance_of(const UePlan& ue) const {
    return covariance.view().subspan(static_cast<std::size_t>(ue.place) * covariance_size_, covariance_size_);
  }
  View<Backend, ChannelSummary> summary_of(int index) const {
    return summary.view().subspan(static_cast<std::size_t>(index), 1);
  }
  /// The channel of a group from where a user's allocation begins.
  View<Backend, const cf32> channel_from(const UePlan& ue) const {
    const auto offset = static_cast<std::size_t>(ue.dmrs.channel_offset);
    return channel.view().subspan(offset, channel.size() - offset);
  }
  WienerView<Backend> wiener_view() const {
    return {.taps = taps_.view(), .error = error_.view(), .freedom = freedom_.view()};
  }
  const ChannelSummary& read_summary(Backend& on, int index) {
    return to_host(on, summary_of(index), summary_room_)[0];
  }
  /// What a user leaves of whom nothing was received: no layers that others would have to be told from.
  void forget_summary(Backend& on, int index) {
    static constexpr ChannelSummary kNone{};
    put(on, std::span<const ChannelSummary>(&kNone, 1), summary_of(index));
  }
  std::span<const std::int8_t> llrs_on_host(Backend& on, int count) {
    return to_host(on, llrs.view().subspan(0, static_cast<std::size_t>(count)), llrs_room_);
  }
  /// Zeros in the grid where samples are missing: half a symbol is no symbol.
  void clear_lost_symbols(Backend& on, const Lost& lost, const OfdmShape& ofdm, View<Backend, cf32> symbols);
  /// The group's channel as it was estimated, to restore it with zeros in the place of some antennas.
  void save_channel(Backend& on, const DmrsShape& dmrs) {
    const auto from = to_host(on, channel.view().subspan(0, channel_size(dmrs)), channel_room_);
    if constexpr (kOnHost) std::ranges::copy(from, channel_room_.view().begin());
  }
  void restore_channel_without(Backend& on, const DmrsShape& dmrs, std::uint64_t antennas) {
    const std::size_t size = channel_size(dmrs), of_antenna = size / static_cast<std::size_t>(dmrs.antennas);
    put(on, std::span<const cf32>(channel_room_.view().first(size)), channel.view().subspan(0, size));
    for (int a = 0; a < dmrs.antennas; ++a) {
      if ((antennas >> a & 1) == 0) continue;
      put(on, std::span<const cf32>(zeros_.view().first(of_antenna)),
          channel.view().subspan(static_cast<std::size_t>(a) * of_antenna, of_antenna));
    }
  }
  std::span<std::uint8_t> payload(int ue) const {
    return payloads_.view().subspan(static_cast<std::size_t>(ue) * payload_stride_, payload_stride_);
  }
  std::span<std::uint8_t> uci_bits(int ue) {
    return std::span(uci_bits_).subspan(static_cast<std::size_t>(ue) * uci_stride_, uci_stride_);
  }
  /// Whether anything since the last call failed on the device; the reason is kept for take_failure.
  bool backend_failed([[maybe_unused]] Backend& on) {
    if constexpr (kOnHost) {
      return false;
    } else {
      std::string failure = on.take_error();
      if (failure.empty()) return false;
      failure_ = std::move(failure);
      return true;
    }
  }
  std::string take_failure() { return std::exchange(failure_, {}); }
  /// dmrs: what was received.
  void fill_report(Backend& on, const UePlan& ue, int index, const DmrsShape& dmrs,
                   const ChannelSummary& channel_summary, UeReport& report);

 private:
  template <class T>
  static View<Backend, const T> to_backend(Backend& on, std::span<const T> from, Buffer<Backend, T>& room) {
    if constexpr (kOnHost) {
      return from;
    } else {
      const auto view = room.view().subspan(0, from.size());
      on.upload(from, view);
      return view;
    }
  }
  template <class T>
  static std::span<const T> to_host(Backend& on, View<Backend, T> from, cpu::HostBuffer<T>& room) {
    if constexpr (kOnHost) {
      return from;
    } else {
      const std::span<T> view = room.view().first(from.size);
      on.download(View<Backend, const T>(from), view);
      on.synchronize();
      return view;
    }
  }
  template <class T>
  static void put(Backend& on, std::span<const T> from, View<Backend, T> to) {
    if constexpr (kOnHost) {
      std::ranges::copy(from, to.begin());
    } else {
      on.upload(from, to);
    }
  }
  static std::size_t channel_size(const DmrsShape& dmrs) {
    return static_cast<std::size_t>(dmrs.antennas * dmrs.channel_layers * kMaxBranches) *
           static_cast<std::size_t>(dmrs.channel_stride);
  }
  template <class T>
  static Buffer<Backend, T> resident(Backend& on, const std::vector<T>& values) {
    Buffer<Backend, T> buffer(values.size());
    if constexpr (kOnHost) {
      std::ranges::copy(values, buffer.view().begin());
    } else {
      on.upload(std::span<const T>(values), buffer.view());
      on.synchronize();
    }
    return buffer;
  }
  static std::size_t device_room(std::size_t count) { return kOnHost ? 0 : count; }

  Buffer<Backend, float> taps_, error_, freedom_;
  Buffer<Backend, ci16> ci16_room_;  // empty on the host, which reads where the data lie
  Buffer<Backend, cf32> cf32_room_;
  Buffer<Backend, std::uint32_t> pilots_room_, scrambling_room_;
  cpu::HostBuffer<cf32> channel_room_, zeros_;
  cpu::HostBuffer<ChannelSummary> summary_room_;
  cpu::HostBuffer<DemapMetrics> metrics_room_;
  cpu::HostBuffer<std::int8_t> llrs_room_;
  cpu::HostBuffer<std::uint8_t> payloads_;
  std::size_t payload_stride_ = 0, covariance_size_ = 0;
  std::vector<std::uint8_t> uci_bits_;
  std::size_t uci_stride_ = 0;
  std::string failure_;
};

template <class Backend>
WorkBuffers<Backend>::WorkBuffers(Backend& on, const nr::Carrier& carrier, const PlanLimits& limits)
    : uci(limits.uci_bits > 0 ? limits.llrs : 0),
      uci_bits_(static_cast<std::size_t>(limits.uci_bits) * static_cast<std::size_t>(limits.ues)),
      uci_stride_(static_cast<std::size_t>(limits.uci_bits)) {
  const auto size = [](int count) { return static_cast<std::size_t>(count); };
  const std::size_t antennas = size(carrier.antennas), layers = size(limits.layers), ues = size(limits.ues);
  const std::size_t grid_size = antennas * kSymbolsPerSlot * size(grid_stride(carrier.carrier_prb)) + kTailPadding;
  const std::size_t groups = size(group_stride(limits.prbs)), rows = kHalves * layers;
  grid = Buffer<Backend, cf32>(grid_size);
  user_grid = Buffer<Backend, cf32>(grid_size);
  channel = Buffer<Backend, cf32>(
      antennas * size(limits.group_layers) * kMaxBranches * size(channel_stride(limits.group_prbs)) + kTailPadding);
  covariance_size_ = antennas * size(covariance_columns(carrier.antennas)) * size(covariance_stride(limits.prbs));
  covariance = Buffer<Backend, cf32>(size(limits.group_ues) * covariance_size_);
  summary = Buffer<Backend, ChannelSummary>(ues);
  weights = Buffer<Backend, cf32>(rows * antennas * groups + kTailPadding);
  sinr = Buffer<Backend, float>(rows * groups + kTailPadding);
  status = Buffer<Backend, GroupStatus>(kHalves * groups);
  llrs = Buffer<Backend, std::int8_t>(size(limits.llrs) + kTailPadding);
  metrics = Buffer<Backend, DemapMetrics>(1);
  gap_metrics = Buffer<Backend, DemapMetrics>(1);
  channel_room_ = cpu::HostBuffer<cf32>(channel.size());
  zeros_ = cpu::HostBuffer<cf32>(std::max(channel.size(), grid_size));

  const auto blocks = static_cast<std::size_t>(limits.code_blocks);
  bits = Buffer<Host, std::uint8_t>(blocks * size(bits_stride(22 * 384)));
  ldpc_results = Buffer<Host, LdpcResult>(blocks);
  crc_result = Buffer<Host, CrcResult>(1);
  soft.resize(static_cast<std::size_t>(limits.ues + limits.harq_processes));
  for (SoftBuffer& buffer : soft) buffer.bits = cpu::HostBuffer<std::int8_t>(limits.soft_bytes);

  const WienerTable& table = wiener_table(carrier.scs_hz);
  taps_ = resident(on, table.taps);
  error_ = resident(on, table.error);
  freedom_ = resident(on, table.freedom);
  const nr::SlotTiming timing =
      nr::slot_timing(carrier.scs_hz, carrier.fft_size, 0);  // no slot is longer than a subframe's first
  const std::size_t samples = antennas * static_cast<std::size_t>(timing.samples);
  ci16_room_ = Buffer<Backend, ci16>(device_room(samples));
  cf32_room_ = Buffer<Backend, cf32>(device_room(samples));
  const auto pilots_size = static_cast<std::size_t>(kMaxDmrsSymbols * pilot_words(1, limits.prbs));
  received_pilots = cpu::HostBuffer<std::uint32_t>(pilots_size);
  pilots_room_ = Buffer<Backend, std::uint32_t>(device_room(pilots_size));
  scrambling_room_ = Buffer<Backend, std::uint32_t>(device_room(static_cast<std::size_t>(limits.llrs) / 32 + 4));
  summary_room_ = cpu::HostBuffer<ChannelSummary>(1);
  metrics_room_ = cpu::HostBuffer<DemapMetrics>(1);
  llrs_room_ = cpu::HostBuffer<std::int8_t>(device_room(size(limits.llrs) + kTailPadding));
  payload_stride_ = size(rounded_up(limits.payload_bytes + 4, 64));
  payloads_ = cpu::HostBuffer<std::uint8_t>(payload_stride_ * ues);
}

template <class Backend>
void WorkBuffers<Backend>::clear_lost_symbols(Backend& on, const Lost& lost, const OfdmShape& ofdm,
                                              View<Backend, cf32> symbols) {
  if (lost.none()) return;
  const auto row = static_cast<std::size_t>(ofdm.grid_stride);
  for (int a = 0; a < ofdm.antennas; ++a) {
    for (int symbol = 0; symbol < kSymbolsPerSlot; ++symbol) {
      if (!lost.at(a, symbol)) continue;
      put(on, std::span<const cf32>(zeros_.view().first(row)),
          symbols.subspan(static_cast<std::size_t>(a * kSymbolsPerSlot + symbol) * row, row));
    }
  }
}

template <class Backend>
void WorkBuffers<Backend>::fill_report(Backend& on, const UePlan& ue, int index, const DmrsShape& dmrs,
                                       const ChannelSummary& channel_summary, UeReport& report) {
  const DemapMetrics& quality = to_host(on, metrics.view(), metrics_room_)[0];
  report.sinr_db = 10 * std::log10(std::max(quality.sinr, 1e-6F));
  report.evm_percent = 100 * std::sqrt(quality.evm_squared);
  report.saturated_llrs = quality.saturated;
  report.cfo_known = pilot_instants(dmrs, pilot_sets(dmrs)).count > 1;
  report.cfo_hz = channel_summary.cfo_hz;
  report.timing_offset_ns = 1e9F * channel_summary.timing_offset_s;
  report.doppler_hz = channel_summary.doppler_hz;
  if (!ue.shared_channel) {
    report.status = UeStatus::control_only;
    return;
  }
  const CrcResult& crc = crc_result.view()[0];
  report.crc_ok = crc.crc_ok;
  report.status = crc.crc_ok ? UeStatus::decoded : UeStatus::crc_failed;
  int iterations = 0;
  for (const LdpcResult& block : ldpc_results.view().first(static_cast<std::size_t>(ue.rate.code_blocks)))
    iterations += block.iterations;
  report.ldpc_iterations = static_cast<float>(iterations) / static_cast<float>(ue.rate.code_blocks);
  report.code_blocks_ok = crc.blocks_ok;
  report.payload = payload(index).first(static_cast<std::size_t>(ue.crc.payload_bits / 8));
}

}  // namespace pado::pusch
