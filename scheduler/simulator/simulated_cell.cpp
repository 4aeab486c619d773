// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "scheduler/simulator/simulated_cell.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "scheduler/simulator/luck.h"

namespace pado::scheduler {

SimulatedCell::SimulatedCell(const Scenario& scenario, std::uint64_t seed, std::unique_ptr<Policy> policy)
    : scenario_(scenario),
      seed_(seed),
      channel_(scenario, seed),
      link_(scenario.shape.mcs_table),
      scheduler_(scenario.shape, scenario.users, std::move(policy)),
      users_(scenario.users),
      totals_(scenario.users),
      sent_(scenario.feedback_slots + 1) {
  for (int user = 0; user < scenario.users; ++user) {
    const bool full = user % scenario.bursts_each == 0;
    totals_[user].traffic = full ? TrafficClass::full_buffer : TrafficClass::bursts;
    scheduler_.attach(user, totals_[user].traffic);
  }
}

void SimulatedCell::start_counting() {
  for (UserTotals& totals : totals_) totals = {.traffic = totals.traffic};
}

void SimulatedCell::step() {
  deliver_feedback();
  deliver_reports();
  add_files();
  count_activity();
  send(scheduler_.allocate(slot_));
  ++slot_;
}

void SimulatedCell::deliver_feedback() {
  const std::int64_t then = slot_ - scenario_.feedback_slots;
  if (then < 0) return;
  SentSlot& sent = sent_[then % static_cast<std::int64_t>(sent_.size())];
  for (int i = 0; i < sent.count; ++i) {
    const Sent& block = sent.blocks[i];
    User& user = users_[block.user];
    UserTotals& totals = totals_[block.user];
    Feedback feedback;
    feedback.user = block.user;
    feedback.process = block.process;
    feedback.sent_slot = then;
    feedback.acknowledged = block.acknowledged;
    bool lost = false;
    scheduler_.on_feedback(feedback, &lost);
    totals.first_transmissions += block.first ? 1 : 0;
    totals.first_losses += block.first && !block.acknowledged ? 1 : 0;
    totals.lost_blocks += lost ? 1 : 0;
    if (!block.acknowledged && !lost) continue;
    totals.delivered_bits += lost ? 0 : block.payload_bits;
    user.in_flight_bits -= block.payload_bits;
    if (lost) user.queue_bits += block.payload_bits;  // the layer above sends it again
  }
  sent.count = 0;
}

void SimulatedCell::deliver_reports() {
  arrived_ = 0;
  const std::int64_t measured = slot_ - scenario_.report_delay_slots;
  if (measured < 0) return;
  const int period = scenario_.report_period_slots;
  for (auto user = static_cast<int>(measured % period); user < scenario_.users; user += period) {
    CqiReport report;
    report.measured_slot = measured;
    channel_.report_db(user, measured, report.sinr_db);
    scheduler_.on_report(user, report);
    arrived_ |= std::uint64_t{1} << user;
  }
}

void SimulatedCell::add_files() {
  if (scenario_.bursts_each == 1) return;
  const double slots_between = 1 / (scenario_.files_per_second * scenario_.shape.slot_s);
  for (int i = 0; i < scenario_.users; ++i) {
    if (totals_[i].traffic != TrafficClass::bursts) continue;
    User& user = users_[i];
    while (user.next_file_slot <= static_cast<double>(slot_)) {
      // The first comes after a whole gap, too.
      if (user.files > 0) {
        const double share = 1 - uniform(coin(seed_, Draw::traffic, 2 * user.files, i));
        user.queue_bits += 8 * std::llround(std::max(1.0, -scenario_.file_bytes * std::log(share)));
      }
      const double gap = 1 - uniform(coin(seed_, Draw::traffic, 2 * user.files + 1, i));
      user.next_file_slot -= slots_between * std::log(gap);
      ++user.files;
    }
    scheduler_.on_buffer(i, user.queue_bits / 8);
  }
}

void SimulatedCell::count_activity() {
  for (int i = 0; i < scenario_.users; ++i) {
    const bool active =
        totals_[i].traffic == TrafficClass::full_buffer || users_[i].queue_bits + users_[i].in_flight_bits > 0;
    totals_[i].active_slots += active ? 1 : 0;
  }
}

void SimulatedCell::send(const SlotAllocation& allocation) {
  SentSlot& sent = sent_[slot_ % static_cast<std::int64_t>(sent_.size())];
  sent.count = allocation.count;
  for (int i = 0; i < allocation.count; ++i) {
    const UserAllocation& block = allocation.users[i];
    User& user = users_[block.user];
    std::int64_t& payload = user.payload_bits[block.process];
    if (block.transmission == 1) {
      const bool full = totals_[block.user].traffic == TrafficClass::full_buffer;
      payload = full ? block.tbs_bits : std::min<std::int64_t>(block.tbs_bits, user.queue_bits);
      user.queue_bits -= full ? 0 : payload;
      user.in_flight_bits += payload;
    }
    sent.blocks[i] = {block.user, block.process, payload, block.transmission == 1, received(block)};
  }
}

bool SimulatedCell::received(const UserAllocation& block) {
  std::array<float, kMaxRbgs> sinr;
  channel_.sinr(block.user, slot_, sinr);
  const int modulation = link_.modulation(block.mcs);
  EffectiveSinr effective;
  for (RbgMask left = block.rbgs; left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    effective.add(sinr[r], scenario_.shape.prbs_of(r), modulation);
  }
  float& combined = users_[block.user].combined_sinr[block.process];
  combined = effective.linear(modulation) + (block.transmission == 1 ? 0 : combined);
  const float sinr_db = to_db(combined) + combining_gain_db(block.transmission);
  return uniform(coin(seed_, Draw::decoding, slot_, block.user)) >= link_.bler(block.mcs, sinr_db);
}

}  // namespace pado::scheduler
