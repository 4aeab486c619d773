// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/cpu/backend.h"
#include "kernels/slot_samples.h"
#include "phy/pusch/erasure.h"
#include "phy/pusch/known_channel.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/recover_sent_blocks.h"
#include "phy/pusch/report.h"
#include "phy/pusch/retuning.h"
#include "phy/pusch/stage_clock.h"
#include "phy/pusch/work_buffers.h"

namespace pado::pusch {

/// Samples of a slot in, transport blocks out: TS 38.211, 6.3.1 and 6.4.1.1; TS 38.212, 6.2. All memory is laid out at
/// construction; `receive` neither allocates nor throws. Not for two threads at a time.
template <class Backend>
class Receiver {
 public:
  /// `on` computes up to the soft bits and stays with the caller, `decoder` the rest (the same object on the CPU).
  Receiver(Backend& on, cpu::Backend& decoder, const nr::Carrier& carrier, const PlanLimits& limits)
      : on_(on), decoder_(decoder), work_(on, carrier, limits), users_(static_cast<std::size_t>(limits.ues)) {}

  /// What the backend last complained of, once; empty where all went well.
  std::string take_failure() { return work_.take_failure(); }

  /// The plan comes from a Planner of the same carrier and limits. The report's payloads stay until the next call.
  void receive(const SlotSamples& slot, const SlotPlan& plan, SlotReport& report) noexcept;

  /// From now on every user's channel is this one, whatever its DM-RS say; null: they are listened to again.
  void assume_channel(const KnownChannel* known) { known_ = known; }

 private:
  /// What is known of a user between its channel estimate and its soft bits.
  struct User {
    DmrsShape dmrs;  // as received
    ChannelSummary summary;
    Retuning retuning;
    bool received = false;
  };
  void estimate_ue(const SlotPlan& plan, int index, UeReport& report);
  void receive_ue(const SlotPlan& plan, int index, UeReport& report);
  void combine_and_demap_gaps(const UePlan& ue, WeightsArgs<Backend> weights, DemapArgs<Backend> demap);
  void decode(const UePlan& ue, int index, std::span<const std::int8_t> llrs);
  View<Backend, const cf32> grid_of(const SlotPlan& plan, int index);

  Backend& on_;
  cpu::Backend& decoder_;
  WorkBuffers<Backend> work_;
  StageClock clock_;
  const KnownChannel* known_ = nullptr;
  Lost lost_;               // of the current slot
  bool may_retune_ = true;  // a slot that came as a grid has no samples to demodulate again
  std::vector<User> users_;
  int user_grid_owner_ = -1;  // whose symbols were demodulated apart last
};

template <class Backend>
void Receiver<Backend>::receive(const SlotSamples& slot, const SlotPlan& plan, SlotReport& report) noexcept {
  clock_.start();
  report.ues.resize(plan.ues.size());
  may_retune_ = slot.cf32_grid.empty() && known_ == nullptr;
  if (slot.cf32_grid.empty()) {
    work_.take_samples(on_, slot, plan.ofdm);
    ofdm_demodulate(
        on_, plan.ofdm,
        {.samples_ci16 = work_.ci16_samples, .samples_cf32 = work_.cf32_samples, .grid = work_.grid.view()});
  } else {
    work_.take_grid(on_, slot.cf32_grid, plan.ofdm);
  }
  lost_ = Lost(slot.lost_symbols);
  work_.clear_lost_symbols(on_, lost_, plan.ofdm, work_.grid.view());
  user_grid_owner_ = -1;
  clock_.done(Stage::ofdm_demodulate);
  for (const PuschGroup& group : plan.groups) {
    for (const int ue : group.ues) estimate_ue(plan, ue, report.ues[ue]);
    for (const int ue : group.ues) receive_ue(plan, ue, report.ues[ue]);
  }
  clock_.finish(report);
}

// The block diagram of one user, up to its channel. `grid` is the slot's, or the user's own where its symbols had to be
// demodulated apart.
template <class Backend>
void Receiver<Backend>::estimate_ue(const SlotPlan& plan, int index, UeReport& report) {
  const UePlan& ue = plan.ues[index];
  auto& w = work_;
  clock_.start_ue();
  report = UeReport{.rnti = ue.rnti, .code_blocks = ue.rate.code_blocks, .payload = {}};
  User& user = users_[index];
  user.dmrs = ue.dmrs;
  user.retuning = {};
  w.take_pilots(on_, keep_received(lost_, user.dmrs, ue.pilots, w.received_pilots.view()));
  user.received = user.dmrs.dmrs_symbols > 0;
  if (!user.received) {
    report.status = UeStatus::samples_lost;
    return w.forget_summary(on_, index);
  }
  ChannelArgs<Backend> channel{.grid = w.grid.view(),
                               .pilots = w.pilots,
                               .wiener = w.wiener_view(),
                               .channel = w.channel.view(),
                               .covariance = w.covariance_of(ue),
                               .summary = w.summary_of(index)};
  if (known_ == nullptr) {
    estimate_channel(on_, user.dmrs, channel);
  } else {
    w.take_channel(on_, *known_, ue, index);
  }
  user.summary = w.read_summary(on_, index);
  for (int round = 0; may_retune_ && round < kMaxRetunings && user.retuning.helps(plan, ue, user.summary); ++round) {
    user.retuning.add(plan, user.summary);
    user_grid_owner_ = -1;
    channel.grid = grid_of(plan, index);
    estimate_channel(on_, user.dmrs, channel);
    user.summary = w.read_summary(on_, index);
  }
  clock_.done(Stage::estimate_channel);
  report.time_us = clock_.ue_us();
}

// From the channels of all users of its group to the payload.
template <class Backend>
void Receiver<Backend>::receive_ue(const SlotPlan& plan, int index, UeReport& report) {
  const UePlan& ue = plan.ues[index];
  User& user = users_[index];
  if (!user.received) return;
  auto& w = work_;
  clock_.start_ue();
  w.take_scrambling(on_, ue);
  const WeightsArgs<Backend> weights{.channel = w.channel_from(ue),
                                     .covariance = w.covariance_of(ue),
                                     .summary = w.summary.view(),
                                     .weights = w.weights.view(),
                                     .sinr = w.sinr.view(),
                                     .status = w.status.view()};
  compute_receive_weights(on_, ue.weights, weights);
  clock_.done(Stage::compute_receive_weights);
  const DemapArgs<Backend> demap{.grid = grid_of(plan, index),
                                 .channel = w.channel_from(ue),
                                 .summary = w.summary.view(),
                                 .weights = w.weights.view(),
                                 .sinr = w.sinr.view(),
                                 .scrambling = w.scrambling,
                                 .llrs = w.llrs.view(),
                                 .metrics = w.metrics.view()};
  combine_and_demap(on_, lost_.none() ? ue.demap : symbols_that_lost(lost_, 0, ue.demap), demap);
  if (!lost_.none() && user.summary.usable) combine_and_demap_gaps(ue, weights, demap);
  const std::span<const std::int8_t> llrs = w.llrs_on_host(on_, ue.llrs);
  clock_.done(Stage::combine_and_demap);

  user.retuning.restore(plan, user.summary);
  if (w.backend_failed(on_)) {  // what came back may be an older slot's
    report.status = UeStatus::backend_failed;
  } else if (user.summary.usable) {
    if (ue.uci.any()) report.uci = w.uci.decode(ue.uci, llrs, ue.scrambling, w.uci_bits(index));
    clock_.done(Stage::decode_uci);
    if (ue.shared_channel) decode(ue, index, ue.uci.any() ? w.uci.shared_channel(ue.uci, llrs) : llrs);
    w.fill_report(on_, ue, index, user.dmrs, user.summary, report);
  }
  report.time_us += clock_.ue_us();
}

// The slot's symbols, or the user's where it was retuned.
template <class Backend>
View<Backend, const cf32> Receiver<Backend>::grid_of(const SlotPlan& plan, int index) {
  const Retuning& retuning = users_[index].retuning;
  if (!retuning.any()) return work_.grid.view();
  if (user_grid_owner_ == index) return work_.user_grid.view();
  user_grid_owner_ = index;
  const UePlan& ue = plan.ues[index];
  OfdmShape ofdm = plan.ofdm;
  ofdm.first_symbol = ue.dmrs.first_symbol;
  ofdm.symbols = ue.dmrs.symbols;
  ofdm.cfo_cycles_per_sample = retuning.cfo_hz / plan.sample_rate_hz;
  for (int& start : ofdm.symbol_start) start -= retuning.advance_samples;
  ofdm_demodulate(
      on_, ofdm,
      {.samples_ci16 = work_.ci16_samples, .samples_cf32 = work_.cf32_samples, .grid = work_.user_grid.view()});
  work_.clear_lost_symbols(on_, lost_, plan.ofdm, work_.user_grid.view());
  return work_.user_grid.view();
}

// Symbols with gaps, each set of antennas that has them in turn: an antenna without a channel gets no weight. Costs
// more than the slot itself may, and is rare.
template <class Backend>
void Receiver<Backend>::combine_and_demap_gaps(const UePlan& ue, WeightsArgs<Backend> weights,
                                               DemapArgs<Backend> demap) {
  demap.metrics = work_.gap_metrics.view();
  work_.save_channel(on_, ue.dmrs);
  std::array<std::uint64_t, kSymbolsPerSlot> done{};
  int sets = 0;
  for (int symbol = ue.demap.first_symbol; symbol < ue.demap.first_symbol + ue.demap.symbols; ++symbol) {
    const std::uint64_t antennas = lost_.antennas(symbol);
    if (antennas == 0 || std::count(done.begin(), done.begin() + sets, antennas) != 0) continue;
    done[sets++] = antennas;
    work_.restore_channel_without(on_, ue.dmrs, antennas);
    compute_receive_weights(on_, ue.weights, weights);
    combine_and_demap(on_, symbols_that_lost(lost_, antennas, ue.demap), demap);
  }
  if (sets > 0) work_.restore_channel_without(on_, ue.dmrs, 0);  // others of the group read it
}

// From soft bits to the payload, on the host.
template <class Backend>
void Receiver<Backend>::decode(const UePlan& ue, int index, std::span<const std::int8_t> llrs) {
  auto& w = work_;
  // A late retransmission of a block that is over must not touch the next one's buffer: it is decoded in the slot's
  // own.
  SoftBuffer& soft = w.soft[w.soft[ue.soft_buffer].is_past(ue) ? index : ue.soft_buffer];
  RateShape rate = ue.rate;
  LdpcShape ldpc = ue.ldpc;
  soft.next_transmission(ue, rate, ldpc);
  recover_sent_blocks(decoder_, ue.sent, rate, llrs, soft.bits.view());
  clock_.done(Stage::recover_rate);
  decode_ldpc(decoder_, ldpc, {.soft = soft.bits.view(), .bits = w.bits.view(), .results = w.ldpc_results.view()});
  clock_.done(Stage::decode_ldpc);
  check_crc(decoder_, ue.crc,
            {.bits = w.bits.view(),
             .ldpc_results = w.ldpc_results.view(),
             .payload = w.payload(index),
             .result = w.crc_result.view()});
  clock_.done(Stage::check_crc);
}

}  // namespace pado::pusch
