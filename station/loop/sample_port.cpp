// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/sample_port.h"

#include <algorithm>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "phy/nr/numerology.h"

namespace pado::station {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

// On a loopback a packet is there as soon as it is sent; elsewhere it may be on its way when the indication comes.
constexpr std::chrono::milliseconds kQuiet{20}, kMostWait{200};
constexpr int kMostAntennas = 4;

// End of the slot in sample time, which begins with slot 0.
std::uint64_t slot_end(const nr::Carrier& carrier, std::int64_t slot) {
  const stream::SlotGrid grid(carrier, 0);
  const int slots = nr::slots_per_subframe(carrier.scs_hz);
  std::uint64_t subframe = 0, within = 0;
  for (int i = 0; i < slots; ++i) {
    subframe += grid.timing(i).samples;
    if (i <= slot % slots) within += grid.timing(i).samples;
  }
  return static_cast<std::uint64_t>(slot / slots) * subframe + within;
}

std::int64_t not_of_stream(const stream::AssemblyCounters& counters) {
  return counters.packets_duplicate + counters.packets_far_away + counters.packets_other_stream;
}

void add(const stream::AssemblyCounters& from, stream::AssemblyCounters& to) {
  to.packets_received += from.packets_received;
  to.packets_lost += from.packets_lost;
  to.packets_reordered += from.packets_reordered;
  to.packets_duplicate += from.packets_duplicate;
  to.packets_late += from.packets_late;
  to.packets_other_stream += from.packets_other_stream;
  to.packets_far_away += from.packets_far_away;
  to.packets_no_room += from.packets_no_room;
  to.slots_complete += from.slots_complete;
  to.slots_incomplete += from.slots_incomplete;
  to.slots_lost += from.slots_lost;
  to.slots_no_room += from.slots_no_room;
  to.slots_cut += from.slots_cut;
}

}  // namespace

SamplePort::SamplePort(const stream::Address& address) : receiver_(io_, address) {
  wait_for_packets();
  thread_ = std::thread([this] { io_.run(); });
}

SamplePort::~SamplePort() {
  io_.stop();
  thread_.join();
}

void SamplePort::begin_session(const nr::Carrier& carrier, std::uint32_t stream_id, std::int64_t first_slot) {
  auto assembler = std::make_unique<stream::SlotAssembler>(stream::AssemblyOptions{.carrier = carrier});
  assembler->expect(first_slot);
  const std::lock_guard lock(mutex_);
  assembler_ = std::move(assembler);
  stream_id_ = stream_id;
  carrier_ = carrier;
  grid_.emplace(carrier, 0);
  came_.fill({});
}

void SamplePort::end_session() {
  const std::lock_guard lock(mutex_);
  if (assembler_) add(assembler_->counters(), counters_.assembly);
  assembler_.reset();
}

void SamplePort::wait_for_packets() {
  receiver_.socket().async_wait(udp::socket::wait_read, [this](error_code error) {
    if (error == asio::error::operation_aborted) return;
    read_packets();
    wait_for_packets();
  });
}

void SamplePort::read_packets() {
  for (auto batch = receiver_.take(); !batch.empty(); batch = receiver_.take()) {
    for (const auto datagram : batch) add_packet(datagram);
  }
}

void SamplePort::add_packet(std::span<const std::uint8_t> datagram) {
  const std::lock_guard lock(mutex_);
  stream::IqPacket packet;
  const int antennas = assembler_ ? carrier_.antennas : kMostAntennas;
  const auto status = stream::raw_iq::decode(datagram, antennas, packet);
  if (status != stream::raw_iq::PacketStatus::ok) {
    ++counters_.rejected[static_cast<std::size_t>(status)];
  } else if (!assembler_ || packet.stream_id != stream_id_) {
    ++counters_.other_session;
  } else {
    const std::int64_t useless = not_of_stream(assembler_->counters());
    assembler_->add(packet, 0);
    if (not_of_stream(assembler_->counters()) != useless) return;
    const std::int64_t slot = grid_->place(packet.sample_time).slot;
    SlotPackets& of_slot = came_[static_cast<std::size_t>(slot) % came_.size()];
    if (of_slot.slot < slot) of_slot = {.slot = slot};
    if (of_slot.slot == slot) ++of_slot.packets;
    read_.notify_all();
  }
}

std::int64_t SamplePort::came(std::int64_t slot) const {
  const SlotPackets& of_slot = came_[static_cast<std::size_t>(slot) % came_.size()];
  return of_slot.slot == slot ? of_slot.packets : 0;
}

stream::SlotBuffer* SamplePort::ready(std::int64_t slot) {
  while (stream::SlotBuffer* buffer = assembler_->next()) {
    if (buffer->slot == slot) return buffer;
    assembler_->give_back(buffer);
  }
  return nullptr;
}

// Whatever lies in the socket now has been read when it returns.
void SamplePort::read_all(std::unique_lock<std::mutex>& lock) {
  const std::int64_t wanted = ++reads_wanted_;
  asio::post(io_, [this, wanted] {
    read_packets();
    const std::lock_guard done(mutex_);
    reads_done_ = wanted;
    counters_.dropped = receiver_.dropped();
    read_.notify_all();
  });
  read_.wait(lock, [&] { return reads_done_ >= wanted; });
}

stream::SlotBuffer* SamplePort::wait_for(std::int64_t slot, std::int64_t packets, std::unique_lock<std::mutex>& lock) {
  read_all(lock);
  if (auto* buffer = ready(slot)) return buffer;
  if (stream::is_loopback(receiver_.address())) return nullptr;
  const auto end = std::chrono::steady_clock::now() + kMostWait;
  for (std::int64_t seen = came(slot); seen < packets; seen = came(slot)) {
    const auto until = std::min(end, std::chrono::steady_clock::now() + kQuiet);
    if (!read_.wait_until(lock, until, [&] { return came(slot) > seen; })) break;
  }
  return ready(slot);
}

stream::SlotBuffer* SamplePort::take(std::int64_t slot, std::int64_t packets) {
  std::unique_lock lock(mutex_);
  if (!assembler_) return nullptr;
  if (auto* buffer = ready(slot)) return buffer;
  if (auto* buffer = wait_for(slot, packets, lock)) return buffer;
  counters_.lost += std::max<std::int64_t>(packets - came(slot), 0);
  assembler_->flush(slot_end(carrier_, slot));
  return ready(slot);
}

void SamplePort::give_back(stream::SlotBuffer* slot) {
  const std::lock_guard lock(mutex_);
  if (assembler_ && slot != nullptr) assembler_->give_back(slot);
}

SampleCounters SamplePort::counters() const {
  const std::lock_guard lock(mutex_);
  SampleCounters sum = counters_;
  if (assembler_) add(assembler_->counters(), sum.assembly);
  return sum;
}

}  // namespace pado::station
