// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "phy/nr/grant.h"
#include "stream/recording/sample_type.h"

namespace pado::station {

enum class ChannelModel : std::uint8_t {
  awgn,  // a constant phase per antenna
  flat,  // Rayleigh fading, constant over the recording and the carrier
};

/// One UE's way to the antennas.
struct SynthUe {
  int rnti = 0;
  double gain_db = 0;
  double delay_s = 0;
  double cfo_hz = 0;
};

/// One transmission: the grant with its payload, and the slot, counted from the recording's first.
struct SynthTransmission {
  int recording_slot = 0;
  nr::PuschGrant grant;
};

/// A recording that is to be made: who sends what, and through which channel.
struct SynthConfig {
  nr::Carrier carrier;
  int first_slot = 0;  // in the frame
  int slots = 1;
  std::uint64_t seed = 1;
  double snr_db = 30;  // of a UE at 0 dB: data element of a layer by noise, at one antenna
  stream::SampleType sample_type = stream::SampleType::ci16;
  ChannelModel model = ChannelModel::awgn;
  double condition_limit = 0;  // of the flat channel's matrix; 0: none
  SynthUe all_ues;             // those that are not in the list; its rnti says nothing
  std::vector<SynthUe> ues;
  std::vector<SynthTransmission> transmissions;  // ascending in the slot, valid
};

/// Makes the recording NAME.sigmf-meta and NAME.sigmf-data. The same configuration gives the same bytes. progress is
/// called after each slot with the number of slots that are done. Throws Error where a file cannot be written.
void synthesize(const SynthConfig& config, const std::string& name, const std::function<void(int)>& progress = {});

}  // namespace pado::station
