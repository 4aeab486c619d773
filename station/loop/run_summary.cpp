// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/run_summary.h"

#include <algorithm>
#include <cstdlib>

namespace pado::station {
namespace {

void add(const UserAccount& from, UserAccount& to) {
  to.sent += from.sent;
  to.delivered += from.delivered;
  to.lost += from.lost;
  to.corrupt += from.corrupt;
  to.duplicate += from.duplicate;
  to.out_of_order += from.out_of_order;
}

void add(const UserTotals& from, UserTotals& to) {
  to.first_transmissions += from.first_transmissions;
  to.first_failed += from.first_failed;
  to.retransmissions += from.retransmissions;
  to.mcs_sum += from.mcs_sum;
}

void add(const CellTotals& from, CellTotals& to) {
  to.slots += from.slots;
  to.decoded_slots += from.decoded_slots;
  to.plan_us += from.plan_us;
  to.decode_us += from.decode_us;
  for (int s = 0; s < pusch::kStages; ++s) to.stage_us[s] += from.stage_us[s];
  to.backend_failures += from.backend_failures;
}

void add(const scheduler::SlotScheduler::Counters& from, scheduler::SlotScheduler::Counters& to) {
  to.slots += from.slots;
  to.new_blocks += from.new_blocks;
  to.retransmissions += from.retransmissions;
  to.lost_blocks += from.lost_blocks;
  to.fallbacks += from.fallbacks;
}

// Blocks that one end counts otherwise than the other, and those of ours that had no end.
std::int64_t disagreement(const UserAccount& base, const UserAccount& users) {
  return std::abs(base.sent - users.sent) + std::abs(base.delivered - users.delivered) +
         std::abs(base.lost - users.lost) + std::abs(base.sent - base.delivered - base.lost);
}

}  // namespace

std::string_view name(SessionOutcome outcome) {
  static constexpr std::array<std::string_view, kSessionOutcomes> kNames{
      "complete", "the users are gone", "the users do not answer", "the users broke off", "the users sent nonsense"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool RunSummary::all_right() const {
  const bool sessions_complete = outcomes[static_cast<std::size_t>(SessionOutcome::complete)] == sessions;
  return sessions > 0 && sessions_complete && cell.backend_failures == 0 &&
         std::ranges::all_of(users, [](const UserSummary& user) {
           const UserAccount& a = user.account;
           return a.corrupt + a.duplicate + a.out_of_order + user.unaccounted + user.cut_off == 0;
         });
}

void add_session(const BaseCell& cell, SessionOutcome outcome, const SessionEnd* users, RunSummary& summary) {
  ++summary.sessions;
  ++summary.outcomes[static_cast<std::size_t>(outcome)];
  add(cell.totals(), summary.cell);
  add(cell.scheduler().counters(), summary.scheduler);
  summary.unusable_forecasts += cell.scheduler().policy().unusable_forecasts();
  const auto inboxes = cell.inboxes();
  if (summary.users.size() < inboxes.size()) summary.users.resize(inboxes.size());
  for (std::size_t user = 0; user < inboxes.size(); ++user) {
    const Inbox& inbox = inboxes[user];
    UserSummary& sum = summary.users[user];
    add(inbox.account(), sum.account);
    add(cell.user_totals()[user], sum.totals);
    sum.delivered_bytes += inbox.delivered_bytes();
    sum.latency.add(inbox.latency());
    if (users != nullptr) {
      sum.unaccounted += disagreement(inbox.account(), users->accounts[user]);
    } else {
      sum.cut_off += inbox.account().sent - inbox.account().delivered - inbox.account().lost;
    }
  }
}

}  // namespace pado::station
