// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/loop/sample_port.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "phy/nr/numerology.h"

namespace pado::station {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr int kReceiveBytes = 8 << 20;  // the system gives less where it has a limit
// On a loopback a packet is there as soon as it is sent; elsewhere it may be on its way when the indication comes.
constexpr std::chrono::milliseconds kOnTheWay{20};

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

SamplePort::SamplePort(const stream::Address& address)
    : address_(address), socket_(io_), datagram_(stream::raw_iq::kMaxDatagramBytes + 1) {
  error_code error;
  const udp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
  socket_.open(endpoint.protocol(), error);
  if (!error) socket_.bind(endpoint, error);
  if (error) stream::throw_cannot_listen(address, error);
  error_code ignored;
  socket_.set_option(asio::socket_base::receive_buffer_size(kReceiveBytes), ignored);
  socket_.non_blocking(true, ignored);
  address_.port = socket_.local_endpoint().port();
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
}

void SamplePort::end_session() {
  const std::lock_guard lock(mutex_);
  if (assembler_) add(assembler_->counters(), counters_.assembly);
  assembler_.reset();
}

void SamplePort::wait_for_packets() {
  socket_.async_wait(udp::socket::wait_read, [this](error_code error) {
    if (error == asio::error::operation_aborted) return;
    read_packets();
    wait_for_packets();
  });
}

// Until the socket is empty. What the system says of a packet that could not be delivered elsewhere is no end.
void SamplePort::read_packets() {
  for (;;) {
    error_code error;
    const std::size_t bytes = socket_.receive(asio::buffer(datagram_), 0, error);
    if (error == asio::error::would_block) break;
    if (!error) add_packet(bytes);
  }
}

void SamplePort::add_packet(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  stream::IqPacket packet;
  const int antennas = assembler_ ? carrier_.antennas : 4;
  const auto status = stream::raw_iq::decode(std::span(datagram_).first(bytes), antennas, packet);
  if (status != stream::raw_iq::PacketStatus::ok) {
    ++counters_.rejected[static_cast<std::size_t>(status)];
  } else if (!assembler_ || packet.stream_id != stream_id_) {
    ++counters_.other_session;
  } else {
    assembler_->add(packet, 0);
  }
}

stream::SlotBuffer* SamplePort::ready(std::int64_t slot) {
  while (stream::SlotBuffer* buffer = assembler_->next()) {
    if (buffer->slot == slot) return buffer;
    assembler_->give_back(buffer);
  }
  return nullptr;
}

stream::SlotBuffer* SamplePort::take(std::int64_t slot) {
  std::unique_lock lock(mutex_);
  if (!assembler_) return nullptr;
  if (auto* buffer = ready(slot)) return buffer;
  // Whatever was sent lies in the socket now: have it read to the end.
  const std::int64_t wanted = ++reads_wanted_;
  asio::post(io_, [this, wanted] {
    read_packets();
    const std::lock_guard done(mutex_);
    reads_done_ = wanted;
    read_.notify_all();
  });
  read_.wait(lock, [&] { return reads_done_ >= wanted; });
  if (auto* buffer = ready(slot)) return buffer;
  if (!stream::is_loopback(address_)) {
    lock.unlock();
    std::this_thread::sleep_for(kOnTheWay);
    lock.lock();
    if (auto* buffer = ready(slot)) return buffer;
  }
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
