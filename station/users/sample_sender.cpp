// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "station/users/sample_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>

#include "phy/nr/error.h"
#include "stream/raw_iq/packet.h"

namespace pado::station {

namespace asio = boost::asio;
namespace raw_iq = stream::raw_iq;
using asio::ip::udp;

namespace {

static_assert(std::endian::native == std::endian::little, "samples are sent as they lie in memory");
constexpr std::size_t kEthernetSamples = 360;   // fit an Ethernet frame
constexpr std::size_t kLoopbackSamples = 2048;  // a loopback takes larger ones for fewer calls
constexpr std::uint64_t kLossStream = std::uint64_t{6} << 56;

}  // namespace

SampleSender::SampleSender(const stream::Address& to, int antennas, std::uint32_t stream_id, std::uint64_t sample_time,
                           double lose, std::uint64_t seed)
    : socket_(io_),
      antennas_(antennas),
      packet_samples_(stream::is_loopback(to) ? kLoopbackSamples : kEthernetSamples),
      stream_id_(stream_id),
      sample_time_(sample_time),
      lose_(lose),
      random_(seed, kLossStream),
      sequence_(antennas) {
  boost::system::error_code error;
  socket_.connect(udp::endpoint(asio::ip::make_address(to.host), to.port), error);
  if (error) throw Error(fmt::format("{}: no samples can be sent there: {}", to_string(to), error.message()));
}

int SampleSender::send(std::span<const ci16> samples) {
  const std::size_t count = samples.size() / antennas_;
  int packets = 0;
  for (std::size_t first = 0; first < count; first += packet_samples_) {
    const std::size_t length = std::min(packet_samples_, count - first);
    for (int antenna = 0; antenna < antennas_; ++antenna, ++packets) {
      std::array<std::uint8_t, raw_iq::kHeaderBytes> header{};
      raw_iq::encode({.stream_id = stream_id_,
                      .sequence = sequence_[antenna]++,
                      .antenna = antenna,
                      .sample_time = sample_time_ + first,
                      .samples = static_cast<int>(length)},
                     header);
      if (lose_ > 0 && random_.uniform() < lose_) continue;
      const std::array<asio::const_buffer, 2> parts{
          asio::buffer(header), asio::buffer(samples.data() + antenna * count + first, length * sizeof(ci16))};
      boost::system::error_code ignored;  // a packet that does not go out is lost, as it might be anywhere else
      socket_.send(parts, 0, ignored);
    }
  }
  sample_time_ += count;
  return packets;
}

}  // namespace pado::station
