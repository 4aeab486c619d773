// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "phy/nr/grant.h"
#include "stream/address.h"
#include "stream/assembly/slot_assembler.h"
#include "stream/assembly/slot_grid.h"
#include "stream/raw_iq/packet.h"
#include "stream/udp_receiver.h"

namespace pado::station {

/// What came to the port over all sessions.
struct SampleCounters {
  stream::AssemblyCounters assembly;
  std::array<std::int64_t, stream::raw_iq::kPacketStatuses> rejected{};  // by what was wrong; ok counts none
  std::int64_t other_session = 0;  // good packets, but not of the users that are served
  std::int64_t lost = 0;           // announced by the users, and not there in time
  std::int64_t dropped = 0;        // by the system, which had no room; -1: it does not say
};

/// The socket that samples come to, read by a thread of its own, and the slots that it puts together.
class SamplePort {
 public:
  /// Throws Error where the address cannot be had. Port 0: any that is free.
  explicit SamplePort(const stream::Address& address);
  ~SamplePort();
  SamplePort(const SamplePort&) = delete;
  SamplePort& operator=(const SamplePort&) = delete;

  [[nodiscard]] const stream::Address& address() const { return receiver_.address(); }

  /// From now on only packets of this stream count; its first slot is first_slot.
  void begin_session(const nr::Carrier& carrier, std::uint32_t stream_id, std::int64_t first_slot);
  void end_session();

  /// The slot of which all packets have been sent, so many: with what came of it; null where nothing came or no session
  /// is on. Packets that are still on their way are waited for, at most until none has come for 20 ms, and 200 ms in
  /// all; a slot that is complete is not waited for. Slots are asked for in their order. Valid until give_back.
  stream::SlotBuffer* take(std::int64_t slot, std::int64_t packets);
  void give_back(stream::SlotBuffer* slot);

  [[nodiscard]] SampleCounters counters() const;

 private:
  struct SlotPackets {
    std::int64_t slot = -1, packets = 0;  // each once
  };
  void wait_for_packets();
  void read_packets();
  void add_packet(std::span<const std::uint8_t> datagram);
  stream::SlotBuffer* ready(std::int64_t slot);
  stream::SlotBuffer* wait_for(std::int64_t slot, std::int64_t packets, std::unique_lock<std::mutex>& lock);
  void read_all(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] std::int64_t came(std::int64_t slot) const;

  boost::asio::io_context io_;
  stream::UdpReceiver receiver_;
  mutable std::mutex mutex_;  // of all that follows; held while one packet is copied
  std::condition_variable read_;
  std::unique_ptr<stream::SlotAssembler> assembler_;
  nr::Carrier carrier_;
  std::optional<stream::SlotGrid> grid_;
  std::array<SlotPackets, 4> came_{};  // of the newest slots, by slot modulo size
  std::uint32_t stream_id_ = 0;
  std::int64_t reads_wanted_ = 0, reads_done_ = 0;  // of the socket until it is empty, asked for by take
  SampleCounters counters_;
  std::thread thread_;  // last: it ends before the others do
};

}  // namespace pado::station
