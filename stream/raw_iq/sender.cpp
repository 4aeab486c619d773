// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/raw_iq/sender.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <vector>

#include "phy/nr/error.h"
#include "stream/raw_iq/packet.h"
#include "stream/thread_priority.h"

namespace pado::stream::raw_iq {
namespace {

using Clock = std::chrono::steady_clock;
using boost::asio::ip::udp;

constexpr double kBurstSeconds = 250e-6;      // half a slot of 30 kHz
constexpr double kLongestSlotSeconds = 1e-3;  // a longer piece is a whole recording of which no slots are known
constexpr int kBufferBytes = 4 << 20;
constexpr int kLocalBytes = 8192, kEthernetBytes = 1472;  // the latter: 1500 less the headers of IPv4 and UDP

udp::socket connect(boost::asio::io_context& io, const Address& to) {
  const udp::endpoint endpoint(boost::asio::ip::make_address(to.host), to.port);
  udp::socket socket(io, endpoint.protocol());
  boost::system::error_code error;
  socket.set_option(boost::asio::socket_base::send_buffer_size(kBufferBytes), error);  // what the system lets us have
  if (to.port == 0) throw Error(fmt::format("{}: port 0 is nobody's; give the one that listens", to_string(to)));
  socket.connect(endpoint, error);
  if (error) throw Error(fmt::format("{}: no way there: {}", to_string(to), error.message()));
  return socket;
}

/// Packets on their way to the system, each a header and a view of the samples.
class Burst {
 public:
  explicit Burst(std::size_t most_packets) : headers_(most_packets), parts_(most_packets), messages_(most_packets) {}

  void clear() { size_ = 0; }
  [[nodiscard]] bool full() const { return size_ == messages_.size(); }
  void add(const PacketHeader& header, const ci16* samples) {
    encode(header, headers_[size_]);
    parts_[size_] = {
        iovec{.iov_base = headers_[size_].data(), .iov_len = kHeaderBytes},
        iovec{.iov_base = const_cast<ci16*>(samples),
              .iov_len = static_cast<std::size_t>(header.samples) * sizeof(ci16)},
    };
    messages_[size_] = {};
    messages_[size_].msg_hdr.msg_iov = parts_[size_].data();
    messages_[size_].msg_hdr.msg_iovlen = parts_[size_].size();
    ++size_;
  }

  /// Throws Error where datagrams of this size cannot go out at all.
  void send(int socket, const Address& to, SendCounters& counters) {
    for (std::size_t done = 0; done < size_;) {
      const int sent = ::sendmmsg(socket, &messages_[done], static_cast<unsigned>(size_ - done), 0);
      for (int i = 0; i < sent; ++i) {
        ++counters.packets;
        counters.bytes += static_cast<std::int64_t>(bytes(done++));
      }
      if (sent >= 0 || errno == EINTR) continue;
      if (errno == ECONNREFUSED) {  // tells of a packet before; this one has not been tried yet
        ++counters.packets_refused;
        continue;
      }
      if (errno == EMSGSIZE) {
        throw Error(fmt::format("{}: datagrams of {} bytes do not go there; give a smaller --payload-bytes",
                                to_string(to), bytes(done)));
      }
      ++counters.packets_failed;
      ++done;
    }
  }

 private:
  [[nodiscard]] std::size_t bytes(std::size_t packet) const { return kHeaderBytes + parts_[packet][1].iov_len; }

  std::vector<std::array<std::uint8_t, kHeaderBytes>> headers_;
  std::vector<std::array<iovec, 2>> parts_;
  std::vector<mmsghdr> messages_;
  std::size_t size_ = 0;
};

/// How a piece (a slot) is cut: no packet reaches over its end, and all are about equally long.
std::int64_t samples_a_packet(const PlayedSamples& played, const SendOptions& options) {
  const int bytes = options.datagram_bytes > 0 ? options.datagram_bytes
                    : is_loopback(options.to)  ? kLocalBytes
                                               : kEthernetBytes;
  const std::int64_t most = std::clamp<std::int64_t>((bytes - static_cast<std::int64_t>(kHeaderBytes)) / 4, 1,
                                                     static_cast<std::int64_t>(kMaxSamples));
  const std::int64_t packets = (played.piece + most - 1) / most;
  return (played.piece + packets - 1) / packets;
}

}  // namespace

SendCounters send(const PlayedSamples& played, const SendOptions& options) {
  boost::asio::io_context io;
  udp::socket socket = connect(io, options.to);
  const std::int64_t length = samples_a_packet(played, options);
  const double samples_a_second = played.sample_rate_hz * options.speed;
  const auto burst_samples = static_cast<std::int64_t>(kBurstSeconds * samples_a_second);
  Burst burst(static_cast<std::size_t>(std::max<std::int64_t>(burst_samples / length, 1) * played.antennas));
  SendCounters counters;
  const ThreadPriority priority(ThreadPriority::kSend);
  const auto start = Clock::now();
  auto next_progress = start + std::chrono::milliseconds(500);
  std::uint32_t sequence = 0;
  std::int64_t at = 0;  // in the samples
  const bool slots = static_cast<double>(played.piece) <= kLongestSlotSeconds * played.sample_rate_hz;
  const auto ended = [&] {  // at a slot's end, so that who listens misses nothing
    const bool stop = options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
    return (stop && (at % played.piece == 0 || !slots)) || (options.loops != 0 && counters.loops >= options.loops);
  };
  while (!ended()) {
    burst.clear();
    while (!burst.full() && !ended()) {
      const std::int64_t count = std::min(length, played.piece - at % played.piece);
      for (int antenna = 0; antenna < played.antennas; ++antenna) {
        burst.add({.stream_id = options.stream_id,
                   .sequence = sequence,
                   .antenna = antenna,
                   .sample_time = static_cast<std::uint64_t>(counters.samples),
                   .samples = static_cast<int>(count)},
                  &played.samples[static_cast<std::size_t>(antenna * played.count + at)]);
      }
      ++sequence;
      counters.samples += count;
      at += count;
      if (at == played.count) {
        at = 0;
        ++counters.loops;
      }
    }
    const auto due = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                 static_cast<double>(counters.samples) / samples_a_second));
    std::this_thread::sleep_until(due);
    burst.send(socket.native_handle(), options.to, counters);
    const auto now = Clock::now();
    counters.seconds = std::chrono::duration<double>(now - start).count();
    counters.most_behind_s = std::max(counters.most_behind_s, std::chrono::duration<double>(now - due).count());
    if (options.progress && now >= next_progress) {
      options.progress(counters);
      next_progress += std::chrono::milliseconds(500);
    }
  }
  return counters;
}

}  // namespace pado::stream::raw_iq
