// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "phy/nr/grant.h"
#include "stream/recording/sample_type.h"

namespace pado::station {

/// Why a recording's blocks do not decode.
enum class Cause : std::uint8_t {
  decodes,           // they do
  too_weak,          // the DM-RS is as the metadata says, the SINR below what the code rate needs
  data_scrambling,   // the blocks decode with another data scrambling identity
  data_parameters,   // the DM-RS is as the metadata says, the SINR suffices: identity, RNTI or size of the data are
                     // wrong
  slot_number,       // another slot in the frame
  dmrs_identity,     // another n_id, or the other n_scid
  sequence_start,    // the carrier does not begin at common resource block 0
  prb_start,         // other PRBs
  mirrored,          // I and Q swapped, or conjugated
  datatype,          // another type of samples, or byte order
  sample_rate,       // symbols of another length
  frequency_offset,  // the carrier lies elsewhere in the band
  timing_offset,     // the slots begin elsewhere
  no_signal,
  unknown
};

/// How the samples are to be taken from the file.
struct SampleView {
  stream::SampleType type = stream::SampleType::ci16;
  bool big_endian = false;
  bool mirrored = false;         // conjugated, which swapping I and Q is too, but for a phase
  double rate_ratio = 1;         // samples in the file for one of the carrier's
  bool positions_scale = false;  // with another rate: whether slots lie at their place in time, or at their index
};

/// One way in which the metadata may be wrong.
struct Hypothesis {
  Cause cause = Cause::decodes;
  SampleView view;
  int offset = 0;     // samples of the carrier's rate by which the slots begin later
  double cfo_hz = 0;  // by which the carrier lies higher: a fraction of a subcarrier ...
  int shift = 0;      // ... and whole subcarriers
  int slot_shift = 0;
  std::optional<int> n_id = std::nullopt, n_scid = std::nullopt;
  std::optional<int> data_n_id = std::nullopt;
  int prb_shift = 0;
  int sequence_prb = 0;

  /// The grant as it would be.
  [[nodiscard]] nr::PuschGrant applied(nr::PuschGrant grant, int frame_slots) const {
    grant.slot = (grant.slot + slot_shift) % frame_slots;
    grant.dmrs.n_id = n_id.value_or(grant.dmrs.n_id);
    grant.dmrs.n_scid = n_scid.value_or(grant.dmrs.n_scid);
    grant.n_id = data_n_id.value_or(grant.n_id);
    grant.prb_start += prb_shift;
    return grant;
  }
};

}  // namespace pado::station
