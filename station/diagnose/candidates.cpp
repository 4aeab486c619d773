// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/candidates.h"

#include <algorithm>

namespace pado::station {
namespace {

constexpr int kCellIdentities = 1008;  // TS 38.211, 7.4.2.1: n_id may be larger, but is the cell's by default
constexpr int kMostShift = 1500;       // subcarriers
constexpr int kMostStart = 275;        // PRB

}  // namespace

std::vector<Hypothesis> slot_candidates(Hypothesis base, int frame_slots, int n_scid) {
  std::vector<Hypothesis> list;
  for (base.slot_shift = 0; base.slot_shift < frame_slots; ++base.slot_shift) {
    for (const int scid : {n_scid, 1 - n_scid}) {
      if (base.slot_shift == 0 && scid == n_scid) continue;
      base.cause = base.slot_shift == 0 ? Cause::dmrs_identity : Cause::slot_number;
      base.n_scid = scid == n_scid ? std::nullopt : std::optional(scid);
      list.push_back(base);
    }
  }
  return list;
}

std::vector<Hypothesis> identity_candidates(Hypothesis base, int n_id, int also) {
  base.cause = Cause::dmrs_identity;
  std::vector<Hypothesis> list;
  const auto add = [&](int id) {
    if (id == n_id) return;
    for (const int scid : {0, 1}) {
      base.n_id = id;
      base.n_scid = scid;
      list.push_back(base);
    }
  };
  for (int id = 0; id < kCellIdentities; ++id) add(id);
  if (also >= kCellIdentities) add(also);
  return list;
}

std::vector<Hypothesis> sequence_candidates(Hypothesis base) {
  base.cause = Cause::sequence_start;
  std::vector<Hypothesis> list;
  for (base.sequence_prb = -kMostStart; base.sequence_prb <= kMostStart; ++base.sequence_prb) {
    if (base.sequence_prb != 0) list.push_back(base);
  }
  return list;
}

std::vector<Hypothesis> prb_candidates(Hypothesis base, int prb_start, int prb_count, int carrier_prb) {
  base.cause = Cause::prb_start;
  std::vector<Hypothesis> list;
  for (int start = 0; start + prb_count <= carrier_prb; ++start) {
    base.prb_shift = start - prb_start;
    if (base.prb_shift != 0) list.push_back(base);
  }
  return list;
}

std::vector<Hypothesis> frequency_candidates(Hypothesis base, int below, int above, double cfo_hz) {
  base.cause = Cause::frequency_offset;
  base.cfo_hz = cfo_hz;
  std::vector<Hypothesis> list;
  for (base.shift = -std::min(below, kMostShift); base.shift <= std::min(above, kMostShift); ++base.shift) {
    if (base.shift != 0 || cfo_hz != 0) list.push_back(base);
  }
  return list;
}

std::vector<Hypothesis> time_candidates(Hypothesis base, int reach, int step) {
  std::vector<Hypothesis> list;
  for (base.offset = -reach / step * step; base.offset <= reach; base.offset += step) list.push_back(base);
  return list;
}

std::vector<Hypothesis> view_candidates(const SampleView& claimed) {
  std::vector<Hypothesis> list;
  SampleView mirrored = claimed;
  mirrored.mirrored = true;
  list.push_back({.cause = Cause::mirrored, .view = mirrored});
  for (const stream::SampleType type : {stream::SampleType::ci16, stream::SampleType::cf32}) {
    for (const bool big_endian : {false, true}) {
      if (type == claimed.type && !big_endian) continue;
      list.push_back({.cause = Cause::datatype, .view = {.type = type, .big_endian = big_endian}});
    }
  }
  return list;
}

}  // namespace pado::station
