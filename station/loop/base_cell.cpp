// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/base_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "scheduler/block_size.h"
#include "station/messages/buffer_status.h"

namespace pado::station {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<int, 4> kRedundancyVersions{0, 2, 3, 1};  // TS 38.214, 6.1.2.1
constexpr int kScramblingId = 500, kDmrsId = 501;

double micros_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

scheduler::CellShape shape_of(const CellConfig& cell) {
  return {.slot_s = 1e-3 / nr::slots_per_subframe(cell.carrier.scs_hz),
          .prbs = cell.carrier.carrier_prb,
          .rbg_prbs = cell.scheduler.rbg_prbs,
          .allocation = scheduler::AllocationType::contiguous,
          .users_per_slot = cell.scheduler.users_per_slot,
          .harq_processes = cell.scheduler.harq_processes,
          .transmissions = cell.scheduler.transmissions,
          .mcs_table = cell.scheduler.mcs_table,
          .symbols = nr::kSymbolsPerSlot,
          .dmrs_elements_per_prb = (1 + cell.scheduler.dmrs_additional_position) * nr::kSubcarriersPerPrb,
          .layers = 1};
}

/// All that a grant of this cell may be, but for its user: every number of PRBs with every MCS.
std::vector<nr::PuschGrant> possible_grants(const scheduler::CellShape& shape, int dmrs_additional_position) {
  std::vector<nr::PuschGrant> grants;
  for (int index = 0; nr::mcs(shape.mcs_table, index); ++index) {
    const nr::Mcs mcs = *nr::mcs(shape.mcs_table, index);
    for (int rbgs = 1; rbgs <= shape.rbgs(); ++rbgs) {
      for (const int prbs : {rbgs * shape.rbg_prbs, (rbgs - 1) * shape.rbg_prbs + shape.prbs_of(shape.rbgs() - 1)}) {
        if (prbs > shape.prbs) continue;
        nr::PuschGrant grant;
        grant.prb_count = prbs;
        grant.dmrs.additional_position = dmrs_additional_position;
        grant.modulation = mcs.modulation;
        grant.code_rate_x1024 = mcs.code_rate_x1024;
        grant.tbs_bits = scheduler::block_size_bits(shape, prbs, index, 1);
        grants.push_back(grant);
      }
    }
  }
  return grants;
}

pusch::PlanLimits plan_limits(const CellConfig& cell, int users) {
  const auto shape = shape_of(cell);
  const auto grants = possible_grants(shape, cell.scheduler.dmrs_additional_position);
  pusch::PlanLimits limits = pusch::limits_for(cell.carrier, grants);
  limits.ues = shape.users_per_slot;
  limits.harq_processes = users * shape.harq_processes;
  return limits;
}

}  // namespace

CellInfo cell_info(const CellConfig& cell, int users, std::int64_t first_slot) {
  CellInfo info;
  info.carrier = cell.carrier;
  info.full_scale = 2048;  // of a unit: users at 0 dB fill the carrier with 26 dB of room for their fading
  info.first_slot = first_slot;
  info.users = users;
  info.rbg_prbs = cell.scheduler.rbg_prbs;
  info.harq_processes = cell.scheduler.harq_processes;
  info.transmissions = cell.scheduler.transmissions;
  return info;
}

BaseCell::BaseCell(const CellConfig& cell, const CellInfo& info, const Hello& hello,
                   std::unique_ptr<scheduler::Policy> policy)
    : info_(info),
      dmrs_additional_position_(cell.scheduler.dmrs_additional_position),
      scheduler_(shape_of(cell), info.users, std::move(policy)),
      limits_(plan_limits(cell, info.users)),
      planner_(cell.carrier, limits_),
      decoder_(make_slot_decoder(cell.backend, cell.carrier, limits_)),
      totals_(info.users),
      processes_(info.users),
      next_slot_(info.first_slot) {
  report_.ues.reserve(limits_.ues);
  pusch_grants_.reserve(limits_.ues);
  feedback_.reserve(kMaxFeedbacks);
  for (int user = 0; user < info.users; ++user) {
    inboxes_.emplace_back(user, hello.payload_seed);
    scheduler_.attach(user, hello.traffic[user]);
  }
}

UplinkGrant BaseCell::grant_for(const scheduler::UserAllocation& allocation, bool is_new) {
  const scheduler::CellShape& shape = scheduler_.cell().shape;
  const nr::Mcs mcs = *nr::mcs(shape.mcs_table, allocation.mcs);
  Process& process = processes_[allocation.user][allocation.process];
  UplinkGrant grant;
  grant.user = allocation.user;
  grant.rnti = info_.first_rnti + allocation.user;
  grant.prb_start = std::countr_zero(allocation.rbgs) * shape.rbg_prbs;
  grant.prb_count = shape.prbs_of_mask(allocation.rbgs);
  grant.mcs_table = shape.mcs_table;
  grant.mcs_index = allocation.mcs;
  grant.modulation = mcs.modulation;
  grant.code_rate_x10240 = static_cast<int>(std::lround(10 * mcs.code_rate_x1024));
  grant.n_id = kScramblingId;
  grant.rv = kRedundancyVersions[(allocation.transmission - 1) % kRedundancyVersions.size()];
  grant.process = allocation.process;
  grant.tbs_bytes = allocation.tbs_bits / 8;
  grant.dmrs_additional_position = dmrs_additional_position_;
  grant.dmrs_n_id = kDmrsId;
  if (is_new) {
    process.ndi = !process.ndi;
    ++process.block;
    process.base_graph = nr::base_graph(allocation.tbs_bits, mcs.code_rate_x1024);
  }
  grant.new_data = process.ndi;
  grant.base_graph = process.base_graph;
  return grant;
}

const SlotRequest& BaseCell::begin_slot() {
  const scheduler::SlotAllocation& allocation = scheduler_.allocate(next_slot_);
  Begun& slot = begun_.emplace_back();
  slot.slot = request_.slot = next_slot_++;
  slot.count = request_.grant_count = allocation.count;
  for (int i = 0; i < allocation.count; ++i) {
    const scheduler::UserAllocation& share = allocation.users[i];
    UserTotals& totals = totals_[share.user];
    slot.is_new[i] = share.transmission == 1;
    slot.grants[i] = request_.grants[i] = grant_for(share, slot.is_new[i]);
    slot.block[i] = processes_[share.user][share.process].block;
    if (!slot.is_new[i]) {
      ++totals.retransmissions;
      continue;
    }
    ++totals.first_transmissions;
    totals.mcs_sum += share.mcs;
    inboxes_[share.user].begin_block(share.process);
  }
  request_.feedback_count = static_cast<int>(feedback_.size());
  std::ranges::copy(feedback_, request_.feedbacks.begin());
  feedback_.clear();
  ++cell_totals_.slots;
  return request_;
}

std::string BaseCell::take(const SlotIndication& indication) {
  const scheduler::CellShape& shape = scheduler_.cell().shape;
  if (indication.rbgs != shape.rbgs())
    return fmt::format("CQI of {} RBGs came, the cell has {}", indication.rbgs, shape.rbgs());
  for (const UserIndication& user : indication.indicated()) {
    if (user.user >= info_.users) return fmt::format("user {} indicated, there are {}", user.user, info_.users);
    scheduler_.on_buffer(user.user, buffer_bytes(user.buffer_level));
    if (!user.has_cqi) continue;
    scheduler::CqiReport report{.measured_slot = user.measured_slot};
    for (int rbg = 0; rbg < shape.rbgs(); ++rbg) report.sinr_db[rbg] = cqi_db(user.cqi_levels[rbg]);
    scheduler_.on_report(user.user, report);
  }
  return "";
}

pusch::SlotPlan BaseCell::plan(const Begun& slot) {
  const int slot_in_frame = static_cast<int>(slot.slot % nr::slots_per_frame(info_.carrier.scs_hz));
  pusch_grants_.clear();
  for (int i = 0; i < slot.count; ++i) {
    pusch_grants_.push_back(pusch_grant(slot.grants[i], slot_in_frame, slot.is_new[i], slot.block[i]));
  }
  return planner_.plan(pusch_grants_, static_cast<float>(1 / info_.full_scale));
}

void BaseCell::decode(const SlotSamples& samples) {
  const Begun slot = begun_.front();
  begun_.pop_front();
  if (slot.count == 0) return;
  const auto start = Clock::now();
  const pusch::SlotPlan slot_plan = plan(slot);
  cell_totals_.plan_us += micros_since(start);
  decoder_->decode(samples, slot_plan, report_);
  if (!decoder_->take_failure().empty()) ++cell_totals_.backend_failures;
  ++cell_totals_.decoded_slots;
  cell_totals_.decode_us += report_.total_us;
  for (int s = 0; s < pusch::kStages; ++s) cell_totals_.stage_us[s] += report_.stage_us[s];
  for (int i = 0; i < slot.count; ++i) {
    const pusch::UeReport& ue = report_.ues[i];
    settle(slot, i, ue.crc_ok, ue.payload);
  }
}

void BaseCell::miss() {
  const Begun slot = begun_.front();
  begun_.pop_front();
  if (slot.count > 0) (void)plan(slot);  // so that the planner knows the blocks that began
  for (int i = 0; i < slot.count; ++i) settle(slot, i, false, {});
}

// What a transmission came to, for the scheduler, the user and whoever waits for the data.
void BaseCell::settle(const Begun& slot, int index, bool decoded, std::span<const std::uint8_t> payload) {
  const UplinkGrant& grant = slot.grants[index];
  bool lost = false;
  scheduler_.on_feedback(
      {.user = grant.user, .process = grant.process, .sent_slot = slot.slot, .acknowledged = decoded}, &lost);
  if (slot.is_new[index] && !decoded) ++totals_[grant.user].first_failed;
  Inbox& inbox = inboxes_[grant.user];
  if (decoded) inbox.receive(grant.process, payload, slot.slot);
  if (lost) inbox.lose(grant.process, slot.slot);
  const BlockOutcome outcome = decoded ? BlockOutcome::received : lost ? BlockOutcome::lost : BlockOutcome::failed;
  feedback_.push_back({.user = grant.user, .process = grant.process, .sent_slot = slot.slot, .outcome = outcome});
}

bool BaseCell::drained() const {
  return feedback_.empty() && std::ranges::all_of(inboxes_, [](const Inbox& inbox) { return inbox.in_flight() == 0; });
}

SessionEnd BaseCell::account() const {
  SessionEnd end;
  end.users = info_.users;
  for (int user = 0; user < info_.users; ++user) end.accounts[user] = inboxes_[user].account();
  return end;
}

}  // namespace pado::station
