// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "phy/nr/grant.h"
#include "stream/assembly/sequence_window.h"
#include "stream/assembly/slot_buffer.h"
#include "stream/assembly/slot_grid.h"
#include "stream/iq_packet.h"

namespace pado::stream {

/// Each packet is in one of lost .. no_room at most; docs/streaming.md says what they mean.
struct AssemblyCounters {
  std::int64_t packets_received = 0;      // well formed ones, whatever became of them
  std::int64_t packets_lost = 0;          // by their sequence numbers; one that comes after all is taken off again
  std::int64_t packets_reordered = 0;     // came after a later one, and not too late to be used
  std::int64_t packets_duplicate = 0;     // their number, or all their samples, had come before
  std::int64_t packets_late = 0;          // their slot was gone
  std::int64_t packets_other_stream = 0;  // rejected: of another sender, or of the one before a restart
  std::int64_t packets_beside = 0;        // of them: while the stream went on, so there are two senders
  std::int64_t packets_far_away = 0;      // rejected: number or time are far from where the stream is
  std::int64_t packets_no_room = 0;       // no buffer was free for their slot
  std::int64_t slots_complete = 0;        // given out with all samples
  std::int64_t slots_incomplete = 0;      // given out with some
  std::int64_t slots_lost = 0;            // nothing of them came; given out, as zeros, where a buffer was free
  std::int64_t slots_no_room = 0;         // not given out: no buffer was free
  std::int64_t slots_cut = 0;             // not given out: begun before the first packet, or not ended at the last
  std::int64_t restarts = 0;              // another sender took over
  std::int64_t jumps = 0;                 // the stream went on somewhere else
};

struct AssemblyOptions {
  nr::Carrier carrier;
  int first_slot = 0;  // in the frame, the slot that sample time 0 begins
  int window = 1;      // a slot waits for missing packets until samples come of more than so many slots later
  int buffers = 16;    // slots that are open, or given out and not yet given back
};

/// Puts packets together to slots, which come out in their order, each once. It knows no clock: who owns it says with
/// flush when to wait no longer. All memory is laid out at construction; for one thread.
class SlotAssembler {
 public:
  /// Throws Error for a carrier out of range.
  explicit SlotAssembler(const AssemblyOptions& options);

  /// Takes a packet that its format's decoder calls good, of an antenna of the carrier. arrival_ns is kept in the slot.
  void add(const IqPacket& packet, std::int64_t arrival_ns) noexcept;

  /// From this slot on every slot is given out, also where the first packets are lost. Without it the first slot is the
  /// first whose beginning came.
  void expect(std::int64_t slot) noexcept;

  /// Waits no longer for slots that end at or before sample_time: those that are open and those of which nothing came.
  void flush(std::uint64_t sample_time) noexcept;
  /// The same for every slot that is open, as the sender has fallen silent; but where the last is incomplete it stays
  /// open until the stream goes on: the sender may have ended in it.
  void flush_open() noexcept;
  /// The same, but for the last slot, which the end cut off: where it is incomplete it is not given out.
  void finish() noexcept;

  /// The next finished slot, to be given back; null where there is none.
  [[nodiscard]] SlotBuffer* next() noexcept;
  void give_back(SlotBuffer* slot) noexcept { free_.push_back(slot); }

  [[nodiscard]] const AssemblyCounters& counters() const noexcept { return counters_; }

 private:
  struct OpenSlot {
    SlotBuffer* buffer = nullptr;
    bool no_room = false;
  };
  /// Where packets that do not fit the stream would have it go on.
  struct Candidate {
    std::uint32_t stream_id = 0;
    std::int64_t slot = 0, first_slot = 0;  // of the last packet in a row, of the first
    int packets = 0;                        // in a row
    int beside = 0;                         // of them: counted as packets_beside
    bool from_first = false;                // a sender's first packet is among them
  };

  /// A stream that was followed before another took over.
  struct LeftStream {
    std::uint32_t stream_id = 0;
    std::int64_t next = 0;  // the first slot that was not given out
  };

  bool belongs(const IqPacket& packet, std::int64_t slot) noexcept;
  [[nodiscard]] bool is_far(std::int64_t slot) const noexcept;
  bool jumps(const IqPacket& packet, std::int64_t slot) noexcept;
  bool restarts(const IqPacket& packet, std::int64_t slot) noexcept;
  bool takes_over(const IqPacket& packet, std::int64_t slot) noexcept;
  void start(const IqPacket& packet, std::int64_t slot) noexcept;
  [[nodiscard]] const LeftStream* left(std::uint32_t stream_id) const noexcept;
  void write(const IqPacket& packet, SlotGrid::Place place, std::int64_t arrival_ns) noexcept;
  SlotBuffer* open(std::int64_t slot) noexcept;
  SlotBuffer* take_free(std::int64_t slot) noexcept;
  OpenSlot& at(std::int64_t slot) noexcept { return open_[static_cast<std::size_t>(slot) % open_.size()]; }
  void release_complete() noexcept;
  void cut_newest() noexcept;
  void release_up_to(std::int64_t slot) noexcept;
  void release_oldest() noexcept;
  bool discards_at_start(const OpenSlot& oldest) noexcept;
  void give_out(SlotBuffer& slot) noexcept;

  static constexpr std::int64_t kFarthestSlot = 64;  // from the newest: beyond, packets are rejected as far away ...
  static constexpr int kTakeOverPackets = 64;        // ... until so many in a row agree with one another
  static constexpr int kRestartPackets = 8;          // the same for another sender, of which the first packet was heard
  static constexpr std::size_t kLeftStreams = 8;     // that are remembered

  SlotGrid grid_;
  int antennas_, window_;
  std::vector<SlotBuffer> buffers_;
  std::vector<SlotBuffer*> free_, ready_;  // ready_: a ring
  std::size_t ready_first_ = 0, ready_count_ = 0;
  std::vector<OpenSlot> open_;  // of slots next_ .. newest_, by slot modulo size
  std::vector<SequenceWindow> sequences_;
  std::vector<LeftStream> left_streams_;  // a ring
  std::size_t left_count_ = 0;
  std::uint32_t stream_id_ = 0;
  bool id_known_ = false, placed_ = false;
  bool silent_ = false;                 // flush_open said so, and nothing of the stream came since
  bool joining_ = false;                // no slot was given out yet
  std::int64_t next_ = 0, newest_ = 0;  // the oldest slot that is not given out, the newest of which samples came
  int run_ = 0;
  Candidate candidate_;
  AssemblyCounters counters_;
};

}  // namespace pado::stream
