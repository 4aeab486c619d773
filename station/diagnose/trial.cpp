// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/trial.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "phy/nr/error.h"
#include "phy/pusch/plan.h"
#include "station/diagnose/window_reader.h"

namespace pado::station {
namespace {

constexpr int kCellIdentities = 1008;

/// Shifts samples down by so many cycles a sample.
void mix(std::span<cf32> samples, double cycles) {
  const std::complex<double> step = std::polar(1.0, -2 * std::numbers::pi * cycles);
  std::complex<double> phase = 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % 1024 == 0) phase = std::polar(1.0, -2 * std::numbers::pi * std::fmod(cycles * static_cast<double>(i), 1.0));
    samples[i] = samples[i] * cf32{static_cast<float>(phase.real()), static_cast<float>(phase.imag())};
    phase *= step;
  }
}

/// Blocks alone: no transmission before is at hand.
nr::PuschGrant sent_once(nr::PuschGrant grant) {
  grant.harq_process.clear();
  grant.new_data = true;
  return grant;
}

}  // namespace

SlotSamples Trial::samples(const stream::RecordedSlot& slot, const Hypothesis& h) {
  const SampleWindow window = read_window(recording_, slot, h.view);
  const nr::Carrier& carrier = recording_.carrier;
  const int right_slot = (slot.slot + h.slot_shift) % nr::slots_per_frame(carrier.scs_hz);
  const int length =
      nr::slot_timing(carrier.scs_hz, carrier.fft_size, right_slot % nr::slots_per_subframe(carrier.scs_hz)).samples;
  const auto count = static_cast<std::size_t>(length);
  slot_.assign(count * static_cast<std::size_t>(window.antennas), cf32{});
  const double cycles = (h.cfo_hz / carrier.scs_hz + h.shift) / carrier.fft_size;
  for (int antenna = 0; antenna < window.antennas; ++antenna) {
    const auto row = std::span(slot_).subspan(static_cast<std::size_t>(antenna) * count, count);
    const cf32* from =
        window.data.data() + static_cast<std::size_t>(antenna) * static_cast<std::size_t>(window.samples);
    for (int i = 0; i < length; ++i) {
      const int at = window.slot_start + h.offset + i;
      if (at >= 0 && at < window.samples) row[static_cast<std::size_t>(i)] = from[at];
    }
    if (cycles != 0) mix(row, cycles);
  }
  return {.antennas = window.antennas,
          .samples = length,
          .scale = static_cast<float>(1 / recording_.full_scale),
          .ci16_samples = {},
          .cf32_samples = slot_};
}

bool Trial::decode(const SlotSamples& samples, std::span<const nr::PuschGrant> grants, int grant_index) {
  constexpr int kIterations = 8;
  pusch::Planner planner(recording_.carrier, limits_);
  const pusch::SlotPlan plan = planner.plan(grants, samples.scale, kIterations);
  pusch::SlotReport report;
  report.ues.reserve(grants.size());
  decoder_->decode(samples, plan, report);
  const pusch::UeReport& ue = report.ues[grant_index];
  const std::vector<std::uint8_t>& payload = grants[grant_index].expected_payload;
  return ue.crc_ok && (payload.empty() || std::ranges::equal(ue.payload, payload));
}

bool Trial::decodes(const Place& place, const Hypothesis& hypothesis) {
  if (hypothesis.sequence_prb != 0) return false;  // no grant can say so
  const stream::RecordedSlot& slot = recording_.slots[place.slot_index];
  Hypothesis of_others;
  of_others.slot_shift = hypothesis.slot_shift;
  std::vector<nr::PuschGrant> grants;
  const int frame_slots = nr::slots_per_frame(recording_.carrier.scs_hz);
  for (int i = 0; i < static_cast<int>(slot.grants.size()); ++i) {
    const Hypothesis& h = i == place.grant_index ? hypothesis : of_others;
    grants.push_back(sent_once(h.applied(slot.grants[i], frame_slots)));
  }
  try {
    limits_ = pusch::limits_for_slot(recording_.carrier, grants);
    decoder_ = make_slot_decoder("cpu", recording_.carrier, limits_);
    return decode(samples(slot, hypothesis), grants, place.grant_index);
  } catch (const Error&) {
    return false;
  }
}

std::optional<int> Trial::data_identity(const Place& place) {
  const stream::RecordedSlot& slot = recording_.slots[place.slot_index];
  std::vector<nr::PuschGrant> grants;
  std::ranges::transform(slot.grants, std::back_inserter(grants), sent_once);
  limits_ = pusch::limits_for_slot(recording_.carrier, grants);
  decoder_ = make_slot_decoder("cpu", recording_.carrier, limits_);
  const SlotSamples slot_samples = samples(slot, {.view = {.type = recording_.sample_type}});
  nr::PuschGrant& grant = grants[place.grant_index];
  const int claimed = grant.n_id;
  std::vector<int> identities{grant.dmrs.n_id};
  for (int id = 0; id < kCellIdentities; ++id) identities.push_back(id);
  for (const int id : identities) {
    grant.n_id = id;
    if (id != claimed && id < 1024 && decode(slot_samples, grants, place.grant_index)) return id;
  }
  return std::nullopt;
}

}  // namespace pado::station
