// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/slot_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "kernels/cpu/ofdm_scratch.h"
#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/propagation/awgn.h"
#include "phy/propagation/flat_channel.h"
#include "phy/propagation/random_stream.h"
#include "phy/pusch/plan.h"
#include "phy/pusch/transmitter.h"

namespace pado::station {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kDifferentSlots = 8;

/// One slot's samples as converters deliver them, and what is in them.
struct TestSlot {
  nr::PuschGrant grant;
  std::vector<ci16> samples;
  std::vector<std::uint8_t> payload;
};

constexpr double kFullScale = 4096;  // of a sample at unit energy per resource element

TestSlot make_slot(const BenchCell& cell, int number) {
  TestSlot slot{.grant = cell.grant, .samples = {}, .payload = {}};
  slot.grant.slot = number % nr::slots_per_frame(cell.carrier.scs_hz);
  propagation::RandomStream random(1, static_cast<std::uint64_t>(number));
  slot.payload.resize(static_cast<std::size_t>(cell.grant.tbs_bits) / 8);
  for (auto& byte : slot.payload) byte = static_cast<std::uint8_t>(random.bits());
  const int in_subframe = slot.grant.slot % nr::slots_per_subframe(cell.carrier.scs_hz);
  const int count = nr::slot_timing(cell.carrier.scs_hz, cell.carrier.fft_size, in_subframe).samples;
  std::vector<cf32> received(static_cast<std::size_t>(count) * static_cast<std::size_t>(cell.carrier.antennas));
  propagation::FlatChannel channel(cell.carrier);
  const propagation::FlatPath path{.gains = propagation::rayleigh_gains(cell.carrier.antennas, cell.grant.layers, 7,
                                                                        static_cast<std::uint64_t>(number), 3),
                                   .gain_db = 0,
                                   .delay_s = 3e-7,
                                   .cfo_hz = cell.cfo_hz};
  channel.add_slot(path, pusch::make_grid(slot.grant, cell.carrier, slot.payload), slot.grant.slot,
                   {.from_slot_start = 0, .from_recording_start = 0, .samples = count}, received);
  for (int a = 0; a < cell.carrier.antennas; ++a) {
    propagation::add_awgn(std::pow(10.0, -cell.snr_db / 10), 2, static_cast<std::uint64_t>(100 * number + a),
                          std::span(received).subspan(static_cast<std::size_t>(a) * count, count));
  }
  const auto quantise = [](float x) {
    return static_cast<std::int16_t>(std::lround(std::clamp(x * kFullScale, -32767.0, 32767.0)));
  };
  for (const cf32 x : received) slot.samples.push_back({quantise(x.re), quantise(x.im)});
  return slot;
}

/// The bench's state while it runs.
class SlotLoop {
 public:
  SlotLoop(const BenchCell& cell, const SlotBenchOptions& options) : cell_(cell) {
    std::vector<nr::PuschGrant> grants;
    pusch::PlanLimits limits;
    for (int number = 0; number < kDifferentSlots; ++number) {
      slots_.push_back(make_slot(cell, number));
      grants.push_back(slots_.back().grant);
      limits = larger_of(limits, pusch::limits_for_slot(cell.carrier, std::span(&grants.back(), 1)));
    }
    pusch::Planner planner(cell.carrier, limits);
    for (const nr::PuschGrant& grant : grants)
      plans_.push_back(
          planner.plan(std::span(&grant, 1), static_cast<float>(1 / kFullScale), cell.max_ldpc_iterations));
    decoder_ = make_slot_decoder(options.backend, cell.carrier, limits);
    report_.ues.reserve(1);
  }

  /// Decodes slots until `slots` are done or the time is up, at least one; returns how many. Each report goes to `use`.
  template <class Use>
  int run(int slots, double seconds, Use&& use) {
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    int done = 0;
    while (done < slots && (done == 0 || Clock::now() < end)) {
      const auto which = static_cast<std::size_t>(done % kDifferentSlots);
      const TestSlot& slot = slots_[which];
      SlotSamples samples;
      samples.antennas = cell_.carrier.antennas;
      samples.samples = static_cast<int>(slot.samples.size()) / cell_.carrier.antennas;
      samples.scale = static_cast<float>(1 / kFullScale);
      samples.ci16_samples = slot.samples;
      decoder_->decode(samples, plans_[which], report_);
      if (const std::string failure = decoder_->take_failure(); !failure.empty())
        throw Error("the backend failed: " + failure);
      const pusch::UeReport& ue = report_.ues[0];
      if (!ue.crc_ok || !std::ranges::equal(ue.payload, slot.payload)) ++wrong_;
      use(report_);
      ++done;
    }
    return done;
  }
  [[nodiscard]] int wrong() const { return wrong_; }
  [[nodiscard]] const pusch::SlotPlan& plan() const { return plans_.front(); }
  [[nodiscard]] const SlotDecoder& decoder() const { return *decoder_; }

 private:
  const BenchCell& cell_;
  std::vector<TestSlot> slots_;
  std::vector<pusch::SlotPlan> plans_;
  std::unique_ptr<SlotDecoder> decoder_;
  pusch::SlotReport report_;
  int wrong_ = 0;
};

}  // namespace

nr::PuschGrant bench_grant(int prbs, int layers, nr::Modulation modulation, double code_rate_x1024) {
  nr::PuschGrant grant;
  grant.slot = 4;
  grant.rnti = 0x4601;
  grant.bwp_size = grant.prb_count = prbs;
  grant.n_id = 1;
  grant.dmrs.n_id = 1;
  grant.dmrs.additional_position = 1;
  grant.layers = layers;
  grant.dmrs.ports = layers == 1 ? std::vector{0} : std::vector{0, 1};
  grant.modulation = modulation;
  grant.code_rate_x1024 = code_rate_x1024;
  grant.tbs_bits = nr::transport_block_size(grant);
  return grant;
}

std::span<const BenchCell> bench_cells() {
  static const std::vector<BenchCell> cells{
      {"n78-20MHz-2x1",
       {.scs_hz = 30000, .carrier_prb = 51, .fft_size = 1024, .phase_compensation_hz = 3.5e9, .antennas = 2},
       bench_grant(51, 1, nr::Modulation::qam64, 772),
       24},
      {"n78-100MHz-4x2",
       {.scs_hz = 30000, .carrier_prb = 273, .fft_size = 4096, .phase_compensation_hz = 3.5e9, .antennas = 4},
       bench_grant(273, 2, nr::Modulation::qam256, 797),
       32},
  };
  return cells;
}

Percentiles percentiles(std::vector<float> times_us) {
  if (times_us.empty()) return {};
  std::ranges::sort(times_us);
  const auto at = [&](double share) {  // nearest rank
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times_us.size())));
    return times_us[std::clamp<std::size_t>(rank, 1, times_us.size()) - 1];
  };
  return {at(0.5), at(0.9), at(0.99), at(0.999), times_us.back()};
}

SlotBenchResult bench_slot(const BenchCell& cell, const SlotBenchOptions& options) {
  SlotLoop loop(cell, options);
  SlotBenchResult result;
  result.tbs_bits = cell.grant.tbs_bits;
  result.code_blocks = loop.plan().ues[0].rate.code_blocks;
  result.slot_us = 1e6 * loop.plan().ofdm.samples_per_slot / loop.plan().sample_rate_hz;
  result.warm_up_slots = loop.run(options.warm_up_slots, options.warm_up_seconds, [](const pusch::SlotReport&) {});
  std::array<std::vector<float>, pusch::kStages> stage_times;
  std::vector<float> total_times;
  std::array<float, kDifferentSlots> best_us{};
  best_us.fill(1e9F);
  double iterations = 0;
  constexpr int kMostSlots = 1'000'000;
  result.slots = loop.run(kMostSlots, options.seconds, [&](const pusch::SlotReport& report) {
    for (int s = 0; s < pusch::kStages; ++s) stage_times[s].push_back(report.stage_us[s]);
    total_times.push_back(report.total_us);
    iterations += report.ues[0].ldpc_iterations;
    float& best = best_us[(total_times.size() - 1) % kDifferentSlots];
    best = std::min(best, report.total_us - report.stage_us[static_cast<int>(pusch::Stage::ofdm_demodulate)]);
  });
  const auto seen = std::min<std::size_t>(total_times.size(), kDifferentSlots);
  for (std::size_t s = 0; s < seen; ++s) result.best_after_fft_us += best_us[s] / static_cast<float>(seen);
  for (int s = 0; s < pusch::kStages; ++s) result.stages[s] = percentiles(std::move(stage_times[s]));
  result.total = percentiles(std::move(total_times));
  result.ldpc_iterations = static_cast<float>(iterations / result.slots);
  result.wrong_payloads = loop.wrong();
  result.launches = loop.decoder().launches();
  return result;
}

double fftw_4096_us() {
  constexpr int kSize = 4096, kRounds = 300, kRepeats = 10;
  const cpu::ForwardFft fft(kSize);
  const cpu::HostBuffer<cf32> in(kSize), out(kSize);
  for (int i = 0; i < kSize; ++i) in.view()[i] = {std::cos(0.1F * static_cast<float>(i)), 0};
  double best_us = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = Clock::now();
    for (int i = 0; i < kRepeats; ++i) fft.execute(in.view().data(), out.view().data());
    best_us = std::min(best_us, std::chrono::duration<double, std::micro>(Clock::now() - start).count() / kRepeats);
  }
  return best_us;
}

}  // namespace pado::station
