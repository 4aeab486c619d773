// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "phy/nr/mcs.h"

namespace pado::scheduler {

inline constexpr int kMaxRbgs = 32;
inline constexpr int kMaxUsers = 64;
inline constexpr int kMaxHarqProcesses = 16;
inline constexpr int kReportHistory = 8;

/// Bit r: resource block group r.
using RbgMask = std::uint32_t;

enum class AllocationType : std::uint8_t {
  rbgs,        // any set of RBGs: frequency allocation type 0, TS 38.214, 6.1.2.2.1
  contiguous,  // neighbouring RBGs alone: type 1, 6.1.2.2.2
};

/// What does not change while a cell runs.
struct CellShape {
  double slot_s = 500e-6;
  int prbs = 51;
  int rbg_prbs = 4;  // the last group may be smaller
  AllocationType allocation = AllocationType::contiguous;
  int users_per_slot = 8;
  int harq_processes = 8;  // of a user
  int transmissions = 4;   // of a block at most
  nr::McsTable mcs_table = nr::McsTable::qam256;
  int symbols = 14;                // of an allocation, for the block size
  int dmrs_elements_per_prb = 24;  // resource elements of a PRB that data cannot use
  int layers = 1;

  [[nodiscard]] constexpr int rbgs() const { return (prbs + rbg_prbs - 1) / rbg_prbs; }
  [[nodiscard]] constexpr RbgMask all_rbgs() const { return static_cast<RbgMask>((std::uint64_t{1} << rbgs()) - 1); }
  [[nodiscard]] constexpr int prbs_of(int rbg) const { return std::min(rbg_prbs, prbs - rbg * rbg_prbs); }
  [[nodiscard]] constexpr int prbs_of_mask(RbgMask mask) const {
    const bool with_last = (mask >> (rbgs() - 1) & 1U) != 0;
    return std::popcount(mask) * rbg_prbs - (with_last ? rbg_prbs - prbs_of(rbgs() - 1) : 0);
  }
};

/// A user's channel quality by RBG, as the base station got it: measured some slots ago, noisy and quantised.
struct CqiReport {
  std::int64_t measured_slot = 0;
  std::array<float, kMaxRbgs> sinr_db{};  // the first CellShape::rbgs() of them
};

/// The last reports of a user, the newest at 0. Fixed size.
class ReportHistory {
 public:
  void push(const CqiReport& report) {
    newest_ = (newest_ + kReportHistory - 1) % kReportHistory;
    reports_[newest_] = report;
    size_ = std::min(size_ + 1, kReportHistory);
  }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  const CqiReport& operator[](int age) const { return reports_[(newest_ + age) % kReportHistory]; }

 private:
  std::array<CqiReport, kReportHistory> reports_{};
  int newest_ = 0, size_ = 0;
};

enum class HarqPhase : std::uint8_t { idle, waits_for_feedback, waits_for_retransmission };

struct HarqProcess {
  HarqPhase phase = HarqPhase::idle;
  std::int64_t sent_slot = 0;  // of the last transmission
  int transmissions = 0;       // so far
  int mcs = 0, layers = 1;
  int rbgs = 0;      // how many; a retransmission takes as many
  int prbs = 0;      // in them; so that the block's size stays, a retransmission has the small last RBG if it had
  int tbs_bits = 0;  // of the block
  float predicted_sinr_db = 0, sigma_db = 0;
};

enum class TrafficClass : std::uint8_t {
  full_buffer,  // always has more to send
  bursts,       // files that arrive at random
};

struct UserState {
  bool attached = false;
  TrafficClass traffic = TrafficClass::full_buffer;
  std::int64_t buffer_bytes = 0;     // as the user reported it, less what was granted since
  std::int64_t in_flight_bytes = 0;  // granted and not yet known to be received
  ReportHistory reports;
  std::array<HarqProcess, kMaxHarqProcesses> harq;
};

/// What the scheduler knows of its cell: reports with their ages, never the channel itself.
struct CellState {
  CellShape shape;
  std::int64_t slot = 0;         // the one that is being scheduled
  std::vector<UserState> users;  // kMaxUsers of them at most; fixed size; those that are not attached do not count

  /// In slots, between the measurement and the slot that is being scheduled.
  [[nodiscard]] int age(const CqiReport& report) const { return static_cast<int>(slot - report.measured_slot); }
};

/// What became of one transmission.
struct Feedback {
  int user = 0;
  int process = 0;
  std::int64_t sent_slot = 0;
  int mcs = 0;
  int transmission = 1;  // of the block: 1 is the first
  bool acknowledged = false;
  float predicted_sinr_db = 0;  // what the policy expected when it chose the MCS
  float sigma_db = 0;           // and how sure it was; 0: it does not say
  int tbs_bits = 0;
};

}  // namespace pado::scheduler
