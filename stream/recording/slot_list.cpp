// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/recording/slot_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "phy/nr/error.h"
#include "phy/nr/numerology.h"
#include "phy/nr/tbs.h"
#include "phy/nr/validate.h"

namespace pado::stream {
namespace {

constexpr std::size_t kMaxGrantsPerSlot = 256;

class SlotList {
 public:
  SlotList(Recording& recording, const char* kind) : recording_(recording), kind_(kind) {}

  /// All transmissions that start at one sample.
  void add_slot(std::span<Transmission> transmissions, int sample_count) {
    std::vector<bool> bad(transmissions.size());
    for (std::size_t i = 0; i < transmissions.size(); ++i) {
      const bool follows =
          follows_block(transmissions[i]);  // first: what cannot be decoded begins a block all the same
      bad[i] = !follows || is_beyond_data(transmissions[i], sample_count) || clashes(transmissions, i);
    }
    RecordedSlot slot{.sample_start = transmissions.front().sample_start, .sample_count = sample_count, .grants = {}};
    for (std::size_t i = 0; i < transmissions.size(); ++i) {
      if (bad[i]) continue;
      slot.slot = transmissions[i].grant.slot;
      slot.grants.push_back(std::move(transmissions[i].grant));
    }
    if (!slot.grants.empty()) recording_.slots.push_back(std::move(slot));
  }

 private:
  bool is_beyond_data(const Transmission& t, int sample_count) {
    if (t.sample_start <= recording_.data_samples - sample_count) return false;
    report(t,
           fmt::format("samples {} to {} are beyond the end of the data, which holds {} samples of each antenna",
                       t.sample_start, t.sample_start + sample_count - 1, recording_.data_samples),
           false);
    return true;
  }

  /// Against those before it in the slot: the first that a DM-RS port is granted to keeps it.
  bool clashes(std::span<const Transmission> transmissions, std::size_t index) {
    const Transmission& t = transmissions[index];
    if (index >= kMaxGrantsPerSlot) {
      report(t, fmt::format("a slot has at most {} transmissions", kMaxGrantsPerSlot), false);
      return true;
    }
    for (std::size_t other = 0; other < index; ++other) {
      if (transmissions[other].refused) continue;
      const std::vector<nr::PuschGrant> pair{transmissions[other].grant, t.grant};
      try {
        nr::validate_slot(pair);
      } catch (const Error& error) {
        report(t, fmt::format("with {}: {}", label(kind_, transmissions[other]), error.what()), false);
        return true;
      }
    }
    return false;
  }

  /// Numbers the transmission's block. False where it was refused before, or contradicts its block's transmissions
  /// before it: TS 38.214, 5.1.3.2 and 6.1.4.2, a retransmission carries the block of the first.
  bool follows_block(Transmission& t) {
    nr::PuschGrant& g = t.grant;
    if (g.harq_process.empty()) return !t.refused;
    Process& process = processes_[{g.rnti, g.harq_process}];
    if (g.new_data) {
      ++process.block;
      process.known.reset();
    }
    g.block = process.block;
    if (t.refused) return false;
    const Block again(t);
    if (!process.known) process.known = again;
    const Block& block = *process.known;
    const char* field = again.tbs_bits != block.tbs_bits       ? "tbs_bits"
                        : again.base_graph != block.base_graph ? "the base graph"
                        : !again.payload.empty() && !block.payload.empty() && again.payload != block.payload
                            ? "payload_hex"
                            : nullptr;
    if (field == nullptr) return true;
    report(t,
           fmt::format("{} differs from that of {} {}, which began the block of harq_process {}", field, kind_,
                       block.annotation, g.harq_process),
           false);
    return false;
  }

  void report(const Transmission& t, const std::string& message, bool unsupported) {
    recording_.problems.push_back({.annotation = t.annotation,
                                   .message = fmt::format("{}: {}", label(kind_, t), message),
                                   .unsupported = unsupported});
  }

  struct Block {
    explicit Block(const Transmission& t)
        : annotation(t.annotation),
          tbs_bits(t.grant.tbs_bits),
          base_graph(nr::base_graph(t.grant)),
          payload(t.grant.expected_payload) {}
    int annotation;
    int tbs_bits;
    int base_graph;
    std::vector<std::uint8_t> payload;
  };

  struct Process {
    int block = 0;
    std::optional<Block> known;  // the current block, once a transmission of it was accepted
  };

  Recording& recording_;
  const char* kind_;
  std::map<std::pair<int, std::string>, Process> processes_;  // by rnti and name
};

}  // namespace

std::string label(const char* kind, const Transmission& t) {
  return fmt::format("{} {} (slot {}, rnti {})", kind, t.annotation, t.grant.slot, t.grant.rnti);
}

void add_slots(Recording& recording, std::vector<Transmission> transmissions, const char* kind) {
  std::stable_sort(transmissions.begin(), transmissions.end(),
                   [](const Transmission& a, const Transmission& b) { return a.sample_start < b.sample_start; });
  const nr::Carrier& carrier = recording.carrier;
  SlotList list(recording, kind);
  for (std::size_t first = 0; first < transmissions.size();) {
    std::size_t end = first + 1;
    while (end < transmissions.size() && transmissions[end].sample_start == transmissions[first].sample_start) ++end;
    const int in_subframe = transmissions[first].grant.slot % nr::slots_per_subframe(carrier.scs_hz);
    list.add_slot(std::span(transmissions).subspan(first, end - first),
                  nr::slot_timing(carrier.scs_hz, carrier.fft_size, in_subframe).samples);
    first = end;
  }
}

}  // namespace pado::stream
