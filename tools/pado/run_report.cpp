// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/pado/run_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tools/pado/json_lines.h"
#include "tools/pado/text_table.h"

namespace pado::tools {
namespace {

using station::RunSummary;
using station::UserSummary;

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

double megabits_per_second(const UserSummary& user, double seconds) {
  return seconds > 0 ? 8e-6 * static_cast<double>(user.delivered_bytes) / seconds : 0;
}

UserSummary sum_of(const std::vector<UserSummary>& users) {
  UserSummary sum;
  for (const UserSummary& user : users) {
    sum.account.sent += user.account.sent;
    sum.account.delivered += user.account.delivered;
    sum.account.lost += user.account.lost;
    sum.account.corrupt += user.account.corrupt;
    sum.account.duplicate += user.account.duplicate;
    sum.account.out_of_order += user.account.out_of_order;
    sum.unaccounted += user.unaccounted;
    sum.cut_off += user.cut_off;
    sum.delivered_bytes += user.delivered_bytes;
    sum.totals.first_transmissions += user.totals.first_transmissions;
    sum.totals.first_failed += user.totals.first_failed;
    sum.totals.retransmissions += user.totals.retransmissions;
    sum.totals.mcs_sum += user.totals.mcs_sum;
    sum.latency.add(user.latency);
  }
  return sum;
}

std::vector<std::string> row(const std::string& name, const UserSummary& user, double seconds) {
  const station::UserTotals& t = user.totals;
  return {name,
          fixed_point(megabits_per_second(user, seconds), 2),
          fixed_point(share(t.mcs_sum, t.first_transmissions), 1),
          fixed_point(100 * share(t.first_failed, t.first_transmissions), 1),
          fmt::format("{}", t.retransmissions),
          fmt::format("{}", user.account.sent),
          fmt::format("{}", user.account.delivered),
          fmt::format("{}", user.account.lost),
          fmt::format("{}", user.latency.percentile(0.5)),
          fmt::format("{}", user.latency.percentile(0.99))};
}

/// Packets that were not used, by why.
std::vector<std::pair<std::string, std::int64_t>> rejections(const station::SampleCounters& samples) {
  std::vector<std::pair<std::string, std::int64_t>> all;
  for (std::size_t i = 1; i < samples.rejected.size(); ++i)
    all.emplace_back(stream::raw_iq::kPacketStatusNames[i], samples.rejected[i]);
  all.emplace_back("other_session", samples.other_session);
  all.emplace_back("other_stream", samples.assembly.packets_other_stream);
  all.emplace_back("far_away", samples.assembly.packets_far_away);
  all.emplace_back("no_room", samples.assembly.packets_no_room);
  return all;
}

std::string packets_line(const RunSummary& s) {
  const auto& a = s.samples.assembly;
  std::int64_t rejected = 0;
  std::vector<std::string> reasons;
  for (const auto& [reason, packets] : rejections(s.samples)) {
    rejected += packets;
    if (packets > 0) reasons.push_back(fmt::format("{} {}", reason, packets));
  }
  return fmt::format(
      "packets: {} received, {} lost{}, {} late, {} reordered, {} duplicate, {} rejected{}; slots with gaps {}, "
      "without samples {}\n",
      a.packets_received, s.samples.lost,
      s.samples.dropped > 0 ? fmt::format(" ({} for want of room)", s.samples.dropped) : "", a.packets_late,
      a.packets_reordered, a.packets_duplicate, rejected,
      reasons.empty() ? "" : fmt::format(" ({})", fmt::join(reasons, ", ")), s.slots_with_gaps,
      s.slots_without_samples);
}

std::string trouble_lines(const RunSummary& s) {
  std::string text;
  if (const auto& l = s.lobby; l.all() > 0) {
    text += fmt::format(
        "connections turned away: {} (busy {}, silent {}, left {}, not Pado's {}, foreign version {}, "
        "bad hello {})\n",
        l.all(), l.busy, l.silent, l.left, l.not_ours, l.foreign_version, l.bad_hello);
  }
  if (s.sessions == 0) text += "no users came: nothing was checked\n";
  if (!s.last_trouble.empty()) {
    text += fmt::format("sessions: {} of {} ended well; {}\n", s.outcomes[0], s.sessions, s.last_trouble);
  }
  if (s.cell.backend_failures > 0) text += fmt::format("the backend failed in {} slots\n", s.cell.backend_failures);
  return text;
}

}  // namespace

std::string run_report(const RunSummary& s) {
  const double seconds = s.cell_s();
  const UserSummary sum = sum_of(s.users);
  std::vector<std::vector<std::string>> rows{
      {"user", "Mb/s", "MCS", "first BLER %", "retx", "sent", "delivered", "lost", "slots p50", "slots p99"}};
  for (std::size_t user = 0; user < s.users.size(); ++user)
    rows.push_back(row(fmt::format("{}", user), s.users[user], seconds));
  rows.push_back(row("all", sum, seconds));
  std::string text = text_table(rows);
  const double slots = static_cast<double>(std::max<std::int64_t>(s.cell.decoded_slots, 1));
  text += fmt::format(
      "policy {}: {} slots, {:.2f} s of cell time in {:.2f} s, {:.2f} times real time; {} fallbacks, {} unusable "
      "forecasts\n",
      s.policy, s.cell.slots, seconds, s.wall_s, s.wall_s > 0 ? seconds / s.wall_s : 0, s.scheduler.fallbacks,
      s.unusable_forecasts);
  text += packets_line(s);
  std::vector<std::string> stages;
  for (int i = 0; i < pusch::kStages; ++i)
    stages.push_back(fmt::format("{} {:.0f}", pusch::kStageNames[i], s.cell.stage_us[i] / slots));
  text += fmt::format("decoding: {:.0f} us a slot ({}); planning {:.0f} us\n", s.cell.decode_us / slots,
                      fmt::join(stages, ", "), s.cell.plan_us / slots);
  text += trouble_lines(s);
  const auto& a = sum.account;
  text += fmt::format(
      "payloads: {} sent, {} delivered, {} lost; {} corrupt, {} twice, {} out of order, {} unaccounted, {} cut off\n",
      a.sent, a.delivered, a.lost, a.corrupt, a.duplicate, a.out_of_order, sum.unaccounted, sum.cut_off);
  return text;
}

namespace {

nlohmann::json user_json(const UserSummary& user, double seconds) {
  const station::UserTotals& t = user.totals;
  const auto& a = user.account;
  return {{"throughput_mbps", number_or_null(megabits_per_second(user, seconds), true)},
          {"mean_mcs", number_or_null(share(t.mcs_sum, t.first_transmissions), t.first_transmissions > 0)},
          {"first_bler", number_or_null(share(t.first_failed, t.first_transmissions), t.first_transmissions > 0)},
          {"retransmissions", t.retransmissions},
          {"sent", a.sent},
          {"delivered", a.delivered},
          {"lost", a.lost},
          {"corrupt", a.corrupt},
          {"duplicate", a.duplicate},
          {"out_of_order", a.out_of_order},
          {"unaccounted", user.unaccounted},
          {"cut_off", user.cut_off},
          {"delivered_bytes", user.delivered_bytes},
          {"latency_slots", {{"p50", user.latency.percentile(0.5)}, {"p99", user.latency.percentile(0.99)}}}};
}

nlohmann::json packets_json(const RunSummary& s) {
  const auto& a = s.samples.assembly;
  nlohmann::json rejected;
  for (const auto& [reason, packets] : rejections(s.samples)) rejected[reason] = packets;
  return {{"received", a.packets_received},
          {"lost", s.samples.lost},
          {"reordered", a.packets_reordered},
          {"duplicate", a.packets_duplicate},
          {"late", a.packets_late},
          {"dropped_by_system", s.samples.dropped},
          {"rejected", rejected},
          {"slots_with_gaps", s.slots_with_gaps},
          {"slots_without_samples", s.slots_without_samples}};
}

}  // namespace

nlohmann::json run_json(const RunSummary& s) {
  const double slots = static_cast<double>(std::max<std::int64_t>(s.cell.decoded_slots, 1));
  nlohmann::json json{{"policy", s.policy},
                      {"slots", s.cell.slots},
                      {"cell_s", s.cell_s()},
                      {"wall_s", number_or_null(s.wall_s, true)},
                      {"times_real_time", number_or_null(s.cell_s() / s.wall_s, s.wall_s > 0)},
                      {"fallbacks", s.scheduler.fallbacks},
                      {"unusable_forecasts", s.unusable_forecasts},
                      {"sessions", s.sessions},
                      {"all_right", s.all_right()},
                      {"total", user_json(sum_of(s.users), s.cell_s())},
                      {"packets", packets_json(s)},
                      {"plan_us", number_or_null(s.cell.plan_us / slots, true)},
                      {"decode_us", number_or_null(s.cell.decode_us / slots, true)},
                      {"backend_failures", s.cell.backend_failures}};
  for (int i = 0; i < station::kSessionOutcomes; ++i)
    json["session_outcomes"][std::string(name(static_cast<station::SessionOutcome>(i)))] = s.outcomes[i];
  json["users"] = nlohmann::json::array();
  for (const UserSummary& user : s.users) json["users"].push_back(user_json(user, s.cell_s()));
  for (int i = 0; i < pusch::kStages; ++i)
    json["stages_us"][std::string(pusch::kStageNames[i])] = number_or_null(s.cell.stage_us[i] / slots, true);
  const auto& l = s.lobby;
  json["turned_away"] = {{"busy", l.busy},
                         {"silent", l.silent},
                         {"left", l.left},
                         {"not_ours", l.not_ours},
                         {"foreign_version", l.foreign_version},
                         {"bad_hello", l.bad_hello}};
  if (!s.last_trouble.empty()) json["last_trouble"] = s.last_trouble;
  return json;
}

}  // namespace pado::tools
