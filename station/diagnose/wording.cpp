// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/diagnose/wording.h"

#include <fmt/format.h>

#include <cmath>

#include "phy/nr/mcs.h"
#include "phy/nr/numerology.h"

namespace pado::station {
namespace {

/// "and 0.02 with what the metadata claims" follows each of these.
std::string found_with(const stream::Recording& r, const nr::PuschGrant& grant, const Hypothesis& h) {
  const nr::PuschGrant right = h.applied(grant, nr::slots_per_frame(r.carrier.scs_hz));
  const double rate_hz = r.sample_rate_hz;
  switch (h.cause) {
    case Cause::slot_number:
      return fmt::format("slot {} and {{}} with the slot {} that the metadata claims", right.slot, grant.slot);
    case Cause::dmrs_identity:
      return fmt::format("DM-RS n_id {}, n_scid {} and {{}} with the n_id {}, n_scid {} that the metadata claims",
                         right.dmrs.n_id, right.dmrs.n_scid, grant.dmrs.n_id, grant.dmrs.n_scid);
    case Cause::sequence_start:
      return fmt::format("a carrier that begins at common resource block {} and {{}} with 0", h.sequence_prb);
    case Cause::prb_start:
      return fmt::format("PRB {}..{} and {{}} with the {}..{} that the metadata claims", right.prb_start,
                         right.prb_start + grant.prb_count - 1, grant.prb_start, grant.prb_start + grant.prb_count - 1);
    case Cause::mirrored:
      return "the spectrum mirrored and {} as it is: I and Q are swapped, or one of them is negated";
    case Cause::datatype:
      return fmt::format(
          "the samples read as {}{} and {{}} as the {} that the metadata claims",
          h.view.big_endian ? "big-endian " : "",
          h.view.big_endian ? (h.view.type == stream::SampleType::ci16 ? "ci16" : "cf32") : stream::name(h.view.type),
          stream::name(r.sample_type));
    case Cause::sample_rate:
      return fmt::format("{:.6g} Msample/s and {{}} with the {:.6g} that the metadata claims",
                         h.view.rate_ratio * rate_hz / 1e6, rate_hz / 1e6);
    case Cause::frequency_offset: {
      const double hz = h.cfo_hz + static_cast<double>(h.shift) * r.carrier.scs_hz;
      return fmt::format("the carrier {:.1f} kHz ({:.2f} subcarriers) {} and {{}} where the metadata puts it",
                         std::abs(hz) / 1e3, std::abs(hz) / r.carrier.scs_hz, hz < 0 ? "lower" : "higher");
    }
    case Cause::timing_offset:
      return fmt::format("slots that begin {} samples ({:.1f} us) {} and {{}} where the metadata puts them",
                         std::abs(h.offset), 1e6 * std::abs(h.offset) / rate_hz, h.offset < 0 ? "earlier" : "later");
    default:
      return "what the metadata claims ({})";
  }
}

std::string transmission(const nr::PuschGrant& grant) {
  return fmt::format("{} at rate {:.2f}", nr::name(grant.modulation), grant.code_rate_x1024 / 1024);
}

std::string as_claimed(const Diagnosis& d, const Circumstances& c) {
  const std::string start = fmt::format(
      "the DM-RS correlates {:.2f} with what the metadata claims and the SINR is {:.1f} dB", d.correlation, c.sinr_db);
  switch (d.cause) {
    case Cause::too_weak:
      return fmt::format("{}: too weak for {}, which needs about {:.1f} dB", start, transmission(c.grant), c.needed_db);
    case Cause::data_scrambling:
      return fmt::format("{}, but the data is scrambled with n_id {} and not with the {} that the metadata claims",
                         start, *d.hypothesis.data_n_id, c.grant.n_id);
    default:
      return fmt::format(
          "{}, enough for {}: the data's own fields are wrong: RNTI, n_id, modulation, size, rv, or the "
          "transmissions before it are missing",
          start, transmission(c.grant));
  }
}

std::string without_dmrs(const Diagnosis& d, const Circumstances& c) {
  const std::string start = fmt::format(
      "no DM-RS: it correlates {:.2f} with what the metadata claims, and none of {} other hypotheses is "
      "better than chance; the allocation is {:.1f} dB above its surroundings, cyclic prefixes repeat {:.2f} "
      "of the energy",
      d.claimed_correlation, c.tested, c.over_surroundings_db, c.prefixes.value);
  return start + (d.cause == Cause::no_signal ? ": nothing but noise" : ": something else is on the air");
}

}  // namespace

std::string wording(const stream::Recording& recording, const ReplayRow& row, const Diagnosis& d,
                    const Circumstances& c) {
  std::string text;
  switch (d.cause) {
    case Cause::no_signal:
    case Cause::unknown:
      return without_dmrs(d, c);
    case Cause::too_weak:
      return as_claimed(d, c);
    case Cause::data_parameters:
      return as_claimed(d, c);
    case Cause::data_scrambling:
      text = as_claimed(d, c);
      break;
    default:
      text = fmt::format("the DM-RS correlates {:.2f} with {}", d.correlation,
                         fmt::format(fmt::runtime(found_with(recording, row.grant, d.hypothesis)),
                                     fmt::format("{:.2f}", d.claimed_correlation)));
  }
  if (d.hypothesis.sequence_prb != 0) return text;
  return text + fmt::format("; {} of {} blocks decode so", d.decoded, d.tried);
}

}  // namespace pado::station
