// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/nr/validate.h"
#include "stream/recording/grants_file.h"
#include "stream/recording/mcs_check.h"
#include "stream/recording/slot_list.h"

namespace pado::stream {
namespace {

nr::Carrier carrier_of(const GrantsFile& file, const Recording& recording) {
  const double points = recording.sample_rate_hz / file.scs_hz;
  nr::Carrier carrier{.scs_hz = file.scs_hz,
                      .carrier_prb = file.carrier_prb,
                      .fft_size = file.fft_size.value_or(static_cast<int>(std::lround(std::min(points, 1e6)))),
                      .phase_compensation_hz = file.phase_compensation_hz,
                      .antennas = recording.antennas};
  nr::validate(carrier);
  const double rate_hz = static_cast<double>(carrier.scs_hz) * carrier.fft_size;
  if (std::abs(rate_hz - recording.sample_rate_hz) > 0.5) {
    throw Error(fmt::format("carrier: {} Hz * fft_size {} = {} contradicts the sample rate {}", carrier.scs_hz,
                            carrier.fft_size, rate_hz, recording.sample_rate_hz));
  }
  if (file.antennas && *file.antennas != recording.antennas) {
    throw Error(fmt::format("carrier: antennas {} contradicts the recording's {}", *file.antennas, recording.antennas));
  }
  return carrier;
}

/// How many slots the data has from first_sample on, and are asked for.
std::int64_t slot_count(const GrantsFile& file, Recording& recording) {
  const nr::Carrier& carrier = recording.carrier;
  const int in_subframe = file.first_slot % nr::slots_per_subframe(carrier.scs_hz);
  const int length = nr::slot_timing(carrier.scs_hz, carrier.fft_size, in_subframe).samples;
  const std::int64_t samples = recording.data_samples - std::min(file.first_sample, recording.data_samples);
  const std::int64_t available = nr::slots_in_samples(carrier.scs_hz, carrier.fft_size, file.first_slot, samples);
  if (available < 1) {
    throw Error(fmt::format("first_sample {0}: the data's {2} samples hold no slot of {1} behind it", file.first_sample,
                            length, recording.data_samples));
  }
  if (file.slots && *file.slots > available) {
    recording.problems.push_back(
        {.message = fmt::format("slots {}: from sample {} on, the data's {} samples hold {} slots of {} samples",
                                *file.slots, file.first_sample, recording.data_samples, available, length)});
  }
  return std::min(file.slots.value_or(available), available);
}

/// The grant with its size filled in, checked as if in slot.
nr::PuschGrant checked(const GrantEntry& entry, const nr::Carrier& carrier, int slot) {
  nr::PuschGrant grant = entry.grant;
  grant.slot = slot;
  nr::validate(grant, carrier);
  if (grant.tbs_bits == 0) grant.tbs_bits = nr::transport_block_size(grant);
  check_block_size(grant);
  return grant;
}

}  // namespace

void apply_grants(const GrantsFile& file, Recording& recording) try {
  recording.carrier = carrier_of(file, recording);
  const int frame_slots = nr::slots_per_frame(recording.carrier.scs_hz);
  const std::int64_t slots = slot_count(file, recording);
  if (file.full_scale) recording.full_scale = *file.full_scale;
  std::vector<Transmission> transmissions;
  for (std::size_t index = 0; index < file.grants.size(); ++index) {
    const GrantEntry& entry = file.grants[index];
    const auto report = [&](const std::string& what, bool unsupported) {
      recording.problems.push_back({.annotation = static_cast<int>(index),
                                    .message = fmt::format("{}:{}: grant {}: {}", file.name, entry.line, index, what),
                                    .unsupported = unsupported});
    };
    try {
      const std::size_t before = transmissions.size();
      nr::PuschGrant grant = checked(entry, recording.carrier, 0);
      for (std::int64_t k = 0; k < slots; ++k) {
        grant.slot = static_cast<int>((file.first_slot + k) % frame_slots);
        if (!entry.all_slots && std::count(entry.slots.begin(), entry.slots.end(), grant.slot) == 0) continue;
        transmissions.push_back(
            {.annotation = static_cast<int>(index),
             .sample_start = file.first_sample + nr::samples_of_slots(recording.carrier.scs_hz,
                                                                      recording.carrier.fft_size, file.first_slot, k),
             .grant = grant});
      }
      if (transmissions.size() == before) {
        report(fmt::format("its slots are not among the {} from slot {} on", slots, file.first_slot), false);
      }
    } catch (const UnsupportedError& error) {
      report(error.what(), true);
    } catch (const Error& error) {
      report(error.what(), false);
    }
  }
  add_slots(recording, std::move(transmissions), "grant");
} catch (const UnsupportedError& error) {
  throw UnsupportedError(fmt::format("{}: {}", file.name, error.what()));
} catch (const Error& error) {
  throw Error(fmt::format("{}: {}", file.name, error.what()));
}

}  // namespace pado::stream
