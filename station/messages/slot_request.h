// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "phy/nr/grant.h"
#include "phy/nr/mcs.h"
#include "scheduler/policy.h"
#include "station/messages/header.h"

namespace pado::station {

/// What a user has to send in a slot: the PUSCH PDU of UL_TTI.request in SCF FAPI, less what one cell never changes.
struct UplinkGrant {
  int user = 0;
  int rnti = 0;
  int prb_start = 0, prb_count = 0;
  int symbol_start = 0, symbol_count = 14;
  nr::MappingType mapping_type = nr::MappingType::a;
  nr::McsTable mcs_table = nr::McsTable::qam64;
  int mcs_index = 0;
  nr::Modulation modulation = nr::Modulation::qpsk;
  int code_rate_x10240 = 0;  // the table's, times ten, as FAPI's targetCodeRate
  int layers = 1;
  int n_id = 0;
  int rv = 0;
  bool new_data = false;  // NDI: another value than the process's last one begins a new block, TS 38.321, 5.4.2.1
  int process = 0;
  int tbs_bytes = 0;
  int base_graph = 1;
  int dmrs_type_a_position = 2, dmrs_additional_position = 0, dmrs_length = 1;
  int dmrs_ports = 1;  // bit p: port p
  int dmrs_cdm_groups_without_data = 2;
  int dmrs_n_id = 0, dmrs_n_scid = 0;
  bool operator==(const UplinkGrant&) const = default;
};

enum class BlockOutcome : std::uint8_t {
  failed,    // another transmission will be granted
  received,  // acknowledged: the process is free
  lost,      // not received and given up: the process is free
};

/// HARQ feedback: what became of a transmission.
struct BlockFeedback {
  int user = 0;
  int process = 0;
  std::int64_t sent_slot = 0;
  BlockOutcome outcome = BlockOutcome::failed;
  bool operator==(const BlockFeedback&) const = default;
};

inline constexpr int kMaxFeedbacks = 64;

/// SLOT.request: one a slot, in the order of the slots.
struct SlotRequest {
  std::int64_t slot = 0;
  int grant_count = 0, feedback_count = 0;
  std::array<UplinkGrant, scheduler::kMaxUsersPerSlot> grants{};
  std::array<BlockFeedback, kMaxFeedbacks> feedbacks{};

  [[nodiscard]] std::span<const UplinkGrant> granted() const { return std::span(grants).first(grant_count); }
  [[nodiscard]] std::span<const BlockFeedback> feedback() const { return std::span(feedbacks).first(feedback_count); }
};

void encode(const SlotRequest& message, std::vector<std::uint8_t>& out);
/// A grant that passes names a row of its MCS table and ports as many as layers, and no two grants name one user;
/// whether it fits the cell is nr::validate's to say.
MessageCheck decode(std::span<const std::uint8_t> body, SlotRequest& message) noexcept;

/// The grant as the physical layer wants it. slot: in the frame. block: number of the block in its HARQ process.
nr::PuschGrant pusch_grant(const UplinkGrant& grant, int slot, bool is_new, int block);

}  // namespace pado::station
