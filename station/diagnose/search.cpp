// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "station/diagnose/candidates.h"
#include "station/diagnose/symbol_length.h"
#include "station/diagnose/window_reader.h"

namespace pado::station {

HypothesisSearch::HypothesisSearch(const stream::Recording& recording, std::span<const Place> places)
    : recording_(recording),
      places_(places.begin(), places.end()),
      probe_(recording.carrier),
      claimed_{.view = {.type = recording.sample_type}},
      looks_(look(claimed_.view)) {}

std::vector<HypothesisSearch::Look> HypothesisSearch::look(const SampleView& view) const {
  std::vector<Look> looks;
  for (const Place& place : places_) {
    const stream::RecordedSlot& slot = recording_.slots[place.slot_index];
    looks.push_back(
        {.slot = &slot, .grant = &slot.grants[place.grant_index], .window = read_window(recording_, slot, view)});
  }
  return looks;
}

// Each slot is demodulated once for all hypotheses with one offset in time and frequency.
Evidence HypothesisSearch::best_of(const std::vector<Look>& looks, const std::vector<Hypothesis>& hypotheses) {
  std::vector<Correlation> sums(hypotheses.size());
  const int frame_slots = nr::slots_per_frame(recording_.carrier.scs_hz);
  for (const Look& l : looks) {
    int offset = std::numeric_limits<int>::max();
    double cfo_hz = 0;
    bool inside = false;
    for (std::size_t i = 0; i < hypotheses.size(); ++i) {
      const Hypothesis& h = hypotheses[i];
      if (h.offset != offset || h.cfo_hz != cfo_hz) {
        offset = h.offset, cfo_hz = h.cfo_hz;
        inside = probe_.demodulate(l.window, *l.grant, offset, cfo_hz);
      }
      if (inside) sums[i] += probe_.correlate(h.applied(*l.grant, frame_slots), h.shift, h.sequence_prb);
    }
  }
  tested_ += static_cast<int>(hypotheses.size());
  Evidence best;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    if (sums[i].significance() >= best.correlation.significance()) best = {hypotheses[i], sums[i]};
  }
  return best;
}

// Steps of half a prefix find a slot; the phase between neighbouring pilots tells the rest of its delay.
Evidence HypothesisSearch::best_time(const std::vector<Look>& looks, const Hypothesis& base) {
  const nr::Carrier& carrier = recording_.carrier;
  const nr::SlotTiming timing = nr::slot_timing(carrier.scs_hz, carrier.fft_size, 0);
  Evidence best = best_of(looks, time_candidates(base, timing.samples, timing.prefix_samples[1] / 2));
  constexpr int kSubcarriersApart = 4;  // pilots of one comb and sign
  const double cycles = -std::arg(best.correlation.sum) / (2 * std::numbers::pi);
  Hypothesis refined = best.hypothesis;
  refined.offset += static_cast<int>(std::lround(cycles * carrier.fft_size / kSubcarriersApart));
  const Evidence again = best_of(looks, {refined});
  return again.correlation.value() >= best.correlation.value() - best.correlation.deviation() ? again : best;
}

void HypothesisSearch::search_views(std::vector<Evidence>& found) {
  for (const Hypothesis& hypothesis : view_candidates(claimed_.view)) {
    found.push_back(best_of(look(hypothesis.view), {hypothesis}));
  }
}

// Another rate moves the slots too: in proportion, if the recording's slots follow one another.
void HypothesisSearch::search_rates(std::vector<Evidence>& found) {
  for (const double ratio : likely_rate_ratios(recording_.carrier, looks_.front().window)) {
    for (const bool scale : {false, true}) {
      Hypothesis hypothesis = claimed_;
      hypothesis.cause = Cause::sample_rate;
      hypothesis.view.rate_ratio = ratio;
      hypothesis.view.positions_scale = scale;
      found.push_back(best_time(look(hypothesis.view), hypothesis));
    }
  }
}

std::vector<Evidence> HypothesisSearch::search() {
  const nr::Carrier& carrier = recording_.carrier;
  const nr::PuschGrant& grant = *looks_.front().grant;
  std::vector<Evidence> found{
      best_of(looks_, slot_candidates(claimed_, nr::slots_per_frame(carrier.scs_hz), grant.dmrs.n_scid)),
      best_of(looks_, identity_candidates(claimed_, grant.dmrs.n_id, grant.n_id)),
      best_of(looks_, sequence_candidates(claimed_)),
      best_of(looks_, prb_candidates(claimed_, grant.prb_start, grant.prb_count, carrier.carrier_prb)),
      best_of(looks_, frequency_candidates(claimed_, probe_.room_below(grant), probe_.room_above(grant),
                                           prefixes().subcarriers * carrier.scs_hz))};
  Hypothesis late = claimed_;
  late.cause = Cause::timing_offset;
  found.push_back(best_time(looks_, late));
  search_views(found);
  search_rates(found);
  return found;
}

double HypothesisSearch::over_surroundings_db() {
  double inside = 0, outside = 0;
  for (const Look& l : looks_) {
    if (!probe_.demodulate(l.window, *l.grant)) continue;
    const int first = 12 * l.grant->prb_start, end = first + 12 * l.grant->prb_count;
    const int last = 12 * recording_.carrier.carrier_prb;
    const double others = probe_.energy(0, first) * first + probe_.energy(end, last) * (last - end);
    if (last == end - first) continue;
    inside += probe_.energy(first, end);
    outside += others / (first + last - end);
  }
  return inside > 0 && outside > 0 ? 10 * std::log10(inside / outside) : 0;
}

PrefixCorrelation HypothesisSearch::prefixes() const {
  return correlate_prefixes(recording_.carrier, looks_.front().window, looks_.front().slot->slot);
}

}  // namespace pado::station
