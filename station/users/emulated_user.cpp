// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/emulated_user.h"

#include <fmt/format.h>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/nr/validate.h"
#include "phy/propagation/random_stream.h"
#include "phy/pusch/transmitter.h"
#include "station/messages/buffer_status.h"
#include "station/messages/payload.h"

namespace pado::station {
namespace {

constexpr double kSpeedOfLight = 299792458;  // m/s

// Random streams of one seed; the noise has others.
enum class Draw : std::uint64_t { fading = 1, measurement = 3, traffic = 4, timing = 5 };
std::uint64_t stream_of(Draw draw, int user) {
  return static_cast<std::uint64_t>(draw) << 56 | static_cast<std::uint64_t>(user);
}

// From the weakest user to the strongest one in equal steps; the strongest one at 0 dB.
double gain_db(const UsersConfig& config, int user) {
  return config.users == 1 ? 0 : -config.snr_spread_db * (config.users - 1 - user) / (config.users - 1);
}

propagation::FadingConfig fading_config(const CellInfo& cell, const UsersConfig& config, int user) {
  const double carrier_hz =
      cell.carrier.phase_compensation_hz > 0 ? cell.carrier.phase_compensation_hz : config.carrier_hz;
  propagation::RandomStream timing(config.seed, stream_of(Draw::timing, user));
  return {.profile = &propagation::tdl_profile(config.profile),
          .delay_spread_s = config.delay_spread_s,
          .doppler_hz = config.speed_kmh / 3.6 / kSpeedOfLight * carrier_hz,
          .delay_s = config.timing_spread_s * timing.uniform(),
          .gain_db = gain_db(config, user),
          .seed = config.seed,
          .stream = stream_of(Draw::fading, user)};
}

QualityConfig quality_config(const CellInfo& cell, const UsersConfig& config, int user, double noise_db) {
  return {.period_slots = config.cqi_period_slots,
          .offset_slots = user,
          .delay_slots = config.cqi_delay_slots,
          .error_db = config.cqi_error_db,
          .noise_db = noise_db,
          .rbg_prbs = cell.rbg_prbs,
          .seed = config.seed,
          .stream = stream_of(Draw::measurement, user)};
}

TrafficConfig traffic_config(const CellInfo& cell, const UsersConfig& config, int user) {
  return {.kind = config.traffic,
          .load_bps = config.load_bps,
          .slot_s = 1e-3 / nr::slots_per_subframe(cell.carrier.scs_hz),
          .seed = config.seed,
          .stream = stream_of(Draw::traffic, user)};
}

}  // namespace

EmulatedUser::EmulatedUser(const CellInfo& cell, const UsersConfig& config, int user, double noise_db)
    : cell_(cell),
      user_(user),
      payload_seed_(config.seed),
      fading_(cell.carrier, fading_config(cell, config, user)),
      meter_(cell.carrier, quality_config(cell, config, user, noise_db)),
      traffic_(traffic_config(cell, config, user)) {}

std::string EmulatedUser::take_feedback(const BlockFeedback& feedback) {
  if (feedback.process >= cell_.harq_processes) return fmt::format("HARQ process {} is none", feedback.process);
  Process& process = processes_[feedback.process];
  if (!process.active || process.sent_slot != feedback.sent_slot) {
    return fmt::format("user {}: feedback for slot {} in HARQ process {}, which sent nothing there", user_,
                       feedback.sent_slot, feedback.process);
  }
  if (feedback.outcome == BlockOutcome::failed) return "";
  process.active = false;
  ++(feedback.outcome == BlockOutcome::received ? account_.delivered : account_.lost);
  return "";
}

void EmulatedUser::begin_slot(std::int64_t slot) {
  traffic_.arrive(slot);
  fading_.set_slot(slot);
  if (meter_.measures_in(slot)) meter_.measure(slot, fading_);
}

void EmulatedUser::begin_block(const UplinkGrant& grant, std::int64_t slot, Process& process) {
  process.payload.resize(grant.tbs_bytes);
  const auto data = traffic_.take(payload_room(grant.tbs_bytes), slot);
  write_payload({.number = account_.sent,
                 .user = user_,
                 .arrival_slot = data.arrival_slot % kArrivalSlots,
                 .data_bytes = data.bytes},
                payload_seed_, process.payload);
  ++account_.sent;
  ++process.block;
  process.active = process.used = true;
  process.ndi = grant.new_data;
}

std::string EmulatedUser::transmit(const UplinkGrant& grant, std::int64_t slot, TransmitGrid& received) {
  if (grant.rnti != cell_.first_rnti + user_) return fmt::format("user {} does not have RNTI {}", user_, grant.rnti);
  if (grant.process >= cell_.harq_processes) return fmt::format("HARQ process {} is none", grant.process);
  if (grant.layers != 1) return fmt::format("user {} has one antenna, not {} layers", user_, grant.layers);
  Process& process = processes_[grant.process];
  const bool is_new = !process.used || process.ndi != grant.new_data;
  if (is_new == process.active) {
    return fmt::format("user {}, HARQ process {}: {}", user_, grant.process,
                       is_new ? "a new block before the last one had its end" : "there is no block to send again");
  }
  if (!is_new && process.payload.size() != static_cast<std::size_t>(grant.tbs_bytes)) {
    return fmt::format("user {}, HARQ process {}: the block has {} bytes, not {}", user_, grant.process,
                       process.payload.size(), grant.tbs_bytes);
  }
  const int slot_in_frame = static_cast<int>(slot % nr::slots_per_frame(cell_.carrier.scs_hz));
  const auto pusch = pusch_grant(grant, slot_in_frame, is_new, process.block);
  try {
    nr::validate(pusch, cell_.carrier);
  } catch (const Error& error) {
    return fmt::format("user {}: {}", user_, error.what());
  }
  if (is_new) begin_block(grant, slot, process);
  process.sent_slot = slot;
  fading_.add(pusch::make_grid(pusch, cell_.carrier, process.payload), grant.prb_start, grant.prb_count, received);
  return "";
}

void EmulatedUser::indicate(std::int64_t slot, UserIndication& indication) {
  indication = {.user = user_, .buffer_level = buffer_level(traffic_.waiting())};
  meter_.report(slot, indication);
}

}  // namespace pado::station
