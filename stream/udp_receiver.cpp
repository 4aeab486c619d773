// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/udp_receiver.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <ctime>
#include <vector>

namespace pado::stream {
namespace {

using boost::asio::ip::udp;

constexpr int kDatagrams = 64;  // of a batch
constexpr std::size_t kDatagramBytes = 1 << 16;
constexpr std::size_t kStride = kDatagramBytes + 4096 + 64;  // beginnings that do not fall on the same lines of a cache
constexpr int kWantedBytes = 16 << 20;                       // 65 ms of two antennas at 30.72 Msample/s

// Beyond the system's limit where this process may, and up to it where not.
int enlarge_buffer(udp::socket& socket) {
  const int wanted = kWantedBytes;
  if (::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  int got = 0;
  socklen_t size = sizeof got;
  ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVBUF, &got, &size);
  return got;
}

constexpr std::int64_t kLongestWaitNs = 1'000'000'000;  // beyond, the clock of the day was set

std::int64_t nanoseconds(const timespec& time) { return 1'000'000'000 * std::int64_t{time.tv_sec} + time.tv_nsec; }

// When the system had the datagram, on the clock of the day; 0: it does not say.
std::int64_t time_stamp_ns(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    return nanoseconds(stamp);
  }
  return 0;
}

}  // namespace

struct UdpReceiver::Batch {
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kDatagrams * kStride);
  std::array<iovec, kDatagrams> places{};
  std::array<mmsghdr, kDatagrams> messages{};
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))> bytes;
  };
  std::array<Control, kDatagrams> controls{};
  std::array<std::int64_t, kDatagrams> arrivals_ns{};
  std::size_t taken = 0;
  std::array<std::span<const std::uint8_t>, kDatagrams> datagrams{};

  Batch() {
    for (std::size_t i = 0; i < kDatagrams; ++i) {
      places[i] = {.iov_base = &bytes[i * kStride], .iov_len = kDatagramBytes};
      messages[i].msg_hdr.msg_iov = &places[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_control = controls[i].bytes.data();
    }
  }

  // One look at the clocks for all of them.
  void note_arrivals() noexcept {
    const std::int64_t steady_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count();
    timespec day{};
    ::clock_gettime(CLOCK_REALTIME, &day);
    for (std::size_t i = 0; i < taken; ++i) {
      const std::int64_t stamp_ns = time_stamp_ns(messages[i].msg_hdr);
      const std::int64_t waited_ns = stamp_ns == 0 ? 0 : nanoseconds(day) - stamp_ns;
      arrivals_ns[i] = steady_ns - std::clamp(waited_ns, std::int64_t{0}, kLongestWaitNs);
    }
  }
};

UdpReceiver::UdpReceiver(boost::asio::io_context& io, const Address& address)
    : socket_(io), address_(address), batch_(std::make_unique<Batch>()) {
  const udp::endpoint endpoint(boost::asio::ip::make_address(address.host), address.port);
  boost::system::error_code error;
  socket_.open(endpoint.protocol(), error);
  if (!error) socket_.bind(endpoint, error);
  if (!error) socket_.non_blocking(true, error);
  if (error) throw_cannot_listen(address, error);
  address_.port = socket_.local_endpoint().port();
  buffer_bytes_ = enlarge_buffer(socket_);
  const int on = 1;
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

UdpReceiver::~UdpReceiver() = default;

std::span<const std::span<const std::uint8_t>> UdpReceiver::take() noexcept {
  for (mmsghdr& message : batch_->messages) message.msg_hdr.msg_controllen = sizeof(Batch::Control);
  const int count = ::recvmmsg(socket_.native_handle(), batch_->messages.data(), kDatagrams, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    batch_->datagrams[static_cast<std::size_t>(i)] = {&batch_->bytes[static_cast<std::size_t>(i) * kStride],
                                                      batch_->messages[static_cast<std::size_t>(i)].msg_len};
  }
  batch_->taken = static_cast<std::size_t>(count > 0 ? count : 0);
  batch_->note_arrivals();
  return std::span(batch_->datagrams).first(batch_->taken);
}

std::span<const std::int64_t> UdpReceiver::arrivals_ns() const noexcept {
  return std::span(batch_->arrivals_ns).first(batch_->taken);
}

std::int64_t UdpReceiver::dropped() noexcept {
  std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t size = sizeof figures;
  if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_MEMINFO, figures.data(), &size) != 0) return -1;
  return figures[SK_MEMINFO_DROPS];
}

}  // namespace pado::stream
