// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/users_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "phy/nr/numerology.h"
#include "phy/ofdm_shape.h"
#include "phy/propagation/fast_awgn.h"

namespace pado::station {
namespace {

constexpr std::uint64_t noise_stream(std::int64_t slot, int antenna) {
  return std::uint64_t{2} << 56 | static_cast<std::uint64_t>(slot) << 8 | static_cast<std::uint64_t>(antenna);
}

// The strongest user's mean is 0 dB, as a receiver with power control would have it.
double noise_db(const UsersConfig& config) {
  const double above_mean_db = config.users == 1 ? 0 : config.snr_spread_db / 2;
  return -(config.snr_db + above_mean_db);
}

// Rounded to the nearest, without a call, so that the loop becomes vectors; halves go away from zero.
inline std::int16_t quantize(float x) {
  const float limited = std::min(std::max(x, -32767.0F), 32767.0F);
  return static_cast<std::int16_t>(static_cast<std::int32_t>(limited + std::copysign(0.5F, limited)));
}

}  // namespace

UsersCell::UsersCell(const CellInfo& cell, const UsersConfig& config)
    : cell_(cell),
      seed_(config.seed),
      noise_db_(noise_db(config)),
      received_(cell.carrier.antennas, cell.carrier),
      modulator_(cell.carrier.fft_size),
      next_slot_(cell.first_slot) {
  validate(config);
  for (int user = 0; user < config.users; ++user) users_.emplace_back(cell_, config, user, noise_db_);
}

std::optional<SessionError> UsersCell::run_slot(const SlotRequest& request, SlotIndication& indication) {
  if (request.slot != next_slot_) {
    return SessionError{ErrorReason::bad_message, fmt::format("slot {} came, {} was due", request.slot, next_slot_)};
  }
  ++next_slot_;
  const auto exists = [&](int user) { return user < static_cast<int>(users_.size()); };
  for (const BlockFeedback& feedback : request.feedback()) {
    if (!exists(feedback.user))
      return SessionError{ErrorReason::bad_message, fmt::format("feedback for user {}", feedback.user)};
    const std::string wrong = users_[feedback.user].take_feedback(feedback);
    if (!wrong.empty()) return SessionError{ErrorReason::bad_message, wrong};
  }
  std::ranges::fill(received_.elements, cf32{});
  for (EmulatedUser& user : users_) user.begin_slot(request.slot);
  for (const UplinkGrant& grant : request.granted()) {
    if (!exists(grant.user)) return SessionError{ErrorReason::bad_grant, fmt::format("grant for user {}", grant.user)};
    const std::string wrong = users_[grant.user].transmit(grant, request.slot, received_);
    if (!wrong.empty()) return SessionError{ErrorReason::bad_grant, wrong};
  }
  modulate(request.slot);
  indication.slot = request.slot;
  indication.rbgs = (cell_.carrier.carrier_prb + cell_.rbg_prbs - 1) / cell_.rbg_prbs;
  indication.user_count = static_cast<int>(users_.size());
  for (int user = 0; user < indication.user_count; ++user) {
    users_[user].indicate(request.slot, indication.users[user]);
  }
  return std::nullopt;
}

// OFDM, then the antennas' noise, then their converters.
void UsersCell::modulate(std::int64_t slot) {
  const int slot_in_frame = static_cast<int>(slot % nr::slots_per_frame(cell_.carrier.scs_hz));
  const auto shape = ofdm_modulate_shape(cell_.carrier, slot_in_frame);
  const int in_subframe = slot_in_frame % nr::slots_per_subframe(cell_.carrier.scs_hz);
  const int count = nr::slot_timing(cell_.carrier.scs_hz, cell_.carrier.fft_size, in_subframe).samples;
  samples_.resize(static_cast<std::size_t>(count * cell_.carrier.antennas));
  const auto scale = static_cast<float>(cell_.full_scale);
  for (int antenna = 0; antenna < cell_.carrier.antennas; ++antenna) {
    antenna_.assign(count, {});
    modulator_.add_slot(shape, received_.layer(antenna), 0, antenna_);
    propagation::add_fast_awgn(std::pow(10.0, noise_db_ / 10), seed_, noise_stream(slot, antenna), antenna_);
    ci16* out = samples_.data() + antenna * count;
    for (int n = 0; n < count; ++n) out[n] = {quantize(scale * antenna_[n].re), quantize(scale * antenna_[n].im)};
  }
}

std::int64_t UsersCell::bursts_turned_away() const {
  std::int64_t all = 0;
  for (const EmulatedUser& user : users_) all += user.bursts_turned_away();
  return all;
}

SessionEnd UsersCell::account() const {
  SessionEnd end;
  end.users = static_cast<int>(users_.size());
  for (int user = 0; user < end.users; ++user) end.accounts[user] = users_[user].account();
  return end;
}

}  // namespace pado::station
